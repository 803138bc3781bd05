# SPDX-License-Identifier: Apache-2.0
#
# Fuzz targets (tests/fuzz/README.md), found by name:
#
#   tests/fuzz/target_x.c   a program "fuzz/x"; its known inputs are in tests/fuzz/corpus/x, its words in x.dict
#
# Without HG_FUZZ a target runs its known inputs and nothing else: test "test_fuzz_x", with any compiler. With it (preset
# "fuzz", clang, no other tests) it is linked with libFuzzer, and test "test_long_fuzz_x" searches for a few seconds.

option(HG_FUZZ "Fuzz targets that search; needs clang" OFF)
set(HG_FUZZ_SECONDS 5 CACHE STRING "How long each fuzz test searches")
if(HG_ONLY OR NOT (BUILD_TESTING OR HG_FUZZ))
	return()
endif()
if(HG_FUZZ)
	enable_testing()
	target_compile_options(hg_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

add_library(hg_fuzz_support STATIC ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz.c)
target_link_libraries(hg_fuzz_support PRIVATE hg_flags PUBLIC PkgConfig::XML)
add_library(hg_fuzz_replay OBJECT ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.c)
target_link_libraries(hg_fuzz_replay PRIVATE hg_flags)

file(GLOB fuzz_targets CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/target_*.c)
foreach(source IN LISTS fuzz_targets)
	get_filename_component(name ${source} NAME_WE)
	string(REPLACE target_ "" name ${name})
	set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
	set(dictionary ${PROJECT_SOURCE_DIR}/tests/fuzz/${name}.dict)

	add_executable(fuzz_${name} ${source})
	target_link_libraries(fuzz_${name} PRIVATE hg_flags hg_fuzz_support hg_whole)
	# hg_whole's remedies stand in for functions of shared libraries only if they are exported.
	set_target_properties(fuzz_${name} PROPERTIES
		OUTPUT_NAME ${name} ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
	if(HG_FUZZ)
		target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
		set(arguments -max_total_time=${HG_FUZZ_SECONDS} -timeout=10 -artifact_prefix=${PROJECT_BINARY_DIR}/${name}-)
		if(EXISTS ${dictionary})
			list(APPEND arguments -dict=${dictionary})
		endif()
		# What it finds goes to the first folder; what is known is read from the second.
		set(found ${PROJECT_BINARY_DIR}/found-${name})
		file(MAKE_DIRECTORY ${found})
		set(test test_long_fuzz_${name})
		add_test(NAME ${test} COMMAND fuzz_${name} ${arguments} ${found} ${corpus})
		set_tests_properties(${test} PROPERTIES LABELS "fuzz;long" TIMEOUT 300)
	else()
		target_link_libraries(fuzz_${name} PRIVATE hg_fuzz_replay)
		set(test test_fuzz_${name})
		add_test(NAME ${test} COMMAND fuzz_${name} ${corpus})
		set_tests_properties(${test} PROPERTIES LABELS fuzz TIMEOUT 120)
	endif()
	set_tests_properties(${test} PROPERTIES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endforeach()
