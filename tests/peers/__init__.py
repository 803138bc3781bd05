# SPDX-License-Identifier: Apache-2.0
"""Real programs for Heliograph to talk to, each run privately and driven from Python."""
