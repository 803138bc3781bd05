# SPDX-License-Identifier: Apache-2.0
#
# Tests, found by folder and name; the folder is the ctest label.
#
#   tests/<folder>/test_x.c     one cmocka program, test "test_x"; run from the top of the source tree
#   tests/<folder>/test_x.py    test "test_x", run by /usr/bin/python3 with HG_BUILD_DIR and HG_SOURCE_DIR set
#   tests/<folder>/test_long_*  the same with the label "long" too: only `./dev test --all` runs them
#   tests/scenario/test_x.py    some once more with another XMPP server, "test_long_ejabberd_x"
#   tests/contract/adapters/x.c an adapter from outside, "tests/adapters/x.so"; sees nothing but the public headers
#   tests/bench/bench_x.c       a program "bench_x", not a test; tests/bench/bench_x.py is run by `./dev bench`
#   tests/bench/gwbench/*.c     a load generator for any gateway, "gwbench", and what it can be tried against, "nullgw"
#   tests/sim/*.c               the simulation, "heliograph-sim"; with planted defects "heliograph-sim-bugN"
#                               (target "sim-bugs")
#   tests/peers/x/*.c           a peer for the stories, "peers/x"; links libpurple, so GPL, and not in `all`:
#                               target "peers"

pkg_check_modules(CMOCKA REQUIRED QUIET IMPORTED_TARGET cmocka)
set(HG_PYTHON /usr/bin/python3)

# Helpers for the tests: tests/support/x.h
add_library(hg_support INTERFACE)
target_compile_definitions(hg_support INTERFACE
	HG_SOURCE_DIR="${PROJECT_SOURCE_DIR}" HG_BUILD_DIR="${PROJECT_BINARY_DIR}")
file(GLOB support CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/support/*.c)
if(support)
	add_library(hg_support_code STATIC ${support})
	target_compile_definitions(hg_support_code PRIVATE HG_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
	target_link_libraries(hg_support_code PRIVATE hg_flags PUBLIC PkgConfig::CMOCKA)
	target_link_libraries(hg_support INTERFACE hg_support_code)
endif()

function(hg_test_properties name folder timeout)
	set(labels ${folder})
	set(serial OFF)
	# Stories wait for servers far more than they compute, so several are under way at a time. Who counts or measures has
	# the machine to himself.
	if(folder MATCHES "^(contract|bench)$")
		set(serial ON)
	endif()
	if(name MATCHES "^test_long_" OR folder STREQUAL "bench")
		list(APPEND labels long)
		set(timeout 3600)
	endif()
	set_tests_properties(${name} PROPERTIES
		LABELS "${labels}" TIMEOUT ${timeout} RUN_SERIAL ${serial} SKIP_RETURN_CODE 77
		WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
		ENVIRONMENT "HG_SOURCE_DIR=${PROJECT_SOURCE_DIR};HG_BUILD_DIR=${PROJECT_BINARY_DIR}")
endfunction()

# Whether the demo can fail, and whether a planted defect is found, does not depend on how Heliograph was built; nor what
# thousands of schedules find, after test_sim's. They take minutes.
set(not_sanitized test_long_demo_breaks test_long_sim test_planted)

foreach(folder unit vectors contract sim scenario bench)
	file(GLOB programs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/test_*.c)
	foreach(source IN LISTS programs)
		get_filename_component(name ${source} NAME_WE)
		add_executable(${name} ${source})
		target_link_libraries(${name} PRIVATE hg_flags hg_support hg_whole PkgConfig::CMOCKA)
		set_target_properties(${name} PROPERTIES
			ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
		add_test(NAME ${name} COMMAND ${name})
		hg_test_properties(${name} ${folder} 120)
	endforeach()
	file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/test_*.py)
	foreach(source IN LISTS scripts)
		get_filename_component(name ${source} NAME_WE)
		if(HG_SANITIZE AND name IN_LIST not_sanitized)
			continue()
		endif()
		add_test(NAME ${name} COMMAND ${HG_PYTHON} ${source})
		hg_test_properties(${name} ${folder} 1200)
	endforeach()
endforeach()

# As somebody builds one who has the installed headers, and no flags of ours.
if(NOT HG_ONLY)
	file(GLOB adapters CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/contract/adapters/*.c)
	foreach(source IN LISTS adapters)
		get_filename_component(name ${source} NAME_WE)
		hg_outside(adapter_${name} ${name} tests/adapters ${source})
		target_include_directories(adapter_${name} PRIVATE ${PROJECT_SOURCE_DIR}/bridge/include)
		target_compile_options(adapter_${name} PRIVATE -Wall -Wextra -Wno-unused-parameter)
	endforeach()
endif()

add_test(NAME include-matrix COMMAND ${HG_PYTHON} ${PROJECT_SOURCE_DIR}/tests/check_includes.py)
add_test(NAME include-matrix-fails COMMAND ${HG_PYTHON} ${PROJECT_SOURCE_DIR}/tests/check_includes.py --self-test)
# docs/border-edges.md, its unit test and its tests with real clients
add_test(NAME border-edges COMMAND ${HG_PYTHON} ${PROJECT_SOURCE_DIR}/tests/check_border.py)
add_test(NAME border-edges-fails COMMAND ${HG_PYTHON} ${PROJECT_SOURCE_DIR}/tests/check_border.py --self-test)
set_tests_properties(include-matrix include-matrix-fails border-edges border-edges-fails PROPERTIES LABELS unit)

# ---- the demo is the first story --------------------------------------------------------------------

if(TARGET heliograph AND EXISTS ${PROJECT_SOURCE_DIR}/tests/scenario/demo.py)
	add_test(NAME demo COMMAND ${HG_PYTHON} ${PROJECT_SOURCE_DIR}/tests/scenario/demo.py --once)
	hg_test_properties(demo scenario 600)
endif()

# ---- the stories that need an XMPP server, with ejabberd instead of Prosody ------------------------
#
# A server's ways do not depend on how Heliograph was built: not a second time under sanitizers.

function(hg_ejabberd_test name script)
	add_test(NAME ${name} COMMAND ${HG_PYTHON} tests/scenario/${script}.py ${ARGN})
	hg_test_properties(${name} scenario 3600)
	set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT HG_XMPP_SERVER=ejabberd)
endfunction()

if(TARGET heliograph AND NOT HG_SANITIZE)
	hg_ejabberd_test(test_long_ejabberd_demo demo --once --limit 60)
	foreach(story abroad appear_offline border_consent border_in border_members border_out border_transit directed
			durable endpoints links lossless notes privileges relationships reload reprobe simple)
		hg_ejabberd_test(test_long_ejabberd_${story} test_${story})
	endforeach()
	hg_ejabberd_test(test_long_ejabberd_rounds test_long_rounds)
endif()

# ---- simulation -------------------------------------------------------------------------------------

add_custom_target(sim-bugs)
file(GLOB sim_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/sim/*.c)
list(FILTER sim_sources EXCLUDE REGEX "/test_[^/]*\\.c$")
foreach(source IN LISTS sim_sources)
	file(STRINGS ${source} has_main REGEX "int main\\(")
	if(has_main)
		set(sim_main ${source})
	endif()
endforeach()
if(sim_main)
	list(REMOVE_ITEM sim_sources ${sim_main})
	add_library(hg_sim STATIC EXCLUDE_FROM_ALL ${sim_sources} ${sim_main})
	target_link_libraries(hg_sim PRIVATE hg_flags hg_support)
	add_executable(heliograph-sim ${sim_main})
	target_link_libraries(heliograph-sim PRIVATE hg_flags hg_support "$<LINK_GROUP:RESCAN,hg_sim,${all_list}>"
		Threads::Threads)

	# Planted defects (bridge/mirror/planted.h): only the .c files that ask for one are compiled again, and stand in
	# front of the archives that hold their sound versions. So a defect must not change what a header lays out.
	set(planted ${PROJECT_SOURCE_DIR}/bridge/mirror/planted.h)
	foreach(folder bridge/presence bridge/mapping bridge/address bridge/mirror bridge/store plugins/loopback tests/sim)
		file(GLOB candidates CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.c)
		foreach(source IN LISTS candidates)
			file(STRINGS ${source} mentions REGEX "HG_BUG|HG_PLANTED")
			if(mentions)
				list(APPEND bug_sources ${source})
				set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
			endif()
		endforeach()
	endforeach()
	if(bug_sources AND EXISTS ${planted})
		set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${planted})
		file(STRINGS ${planted} bugs REGEX "^[\t ]+HG_BUG_[A-Z_]+( = 1)?,")
		list(LENGTH bugs count)
		foreach(n RANGE 1 ${count})
			add_executable(heliograph-sim-bug${n} EXCLUDE_FROM_ALL ${bug_sources})
			target_compile_definitions(heliograph-sim-bug${n} PRIVATE HG_BUG=${n})
			target_link_libraries(heliograph-sim-bug${n} PRIVATE hg_flags hg_support
				"$<LINK_GROUP:RESCAN,hg_sim,${all_list}>" Threads::Threads)
			add_dependencies(sim-bugs heliograph-sim-bug${n})
		endforeach()
	endif()
endif()

# ---- bench ------------------------------------------------------------------------------------------

file(GLOB benches CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/bench/bench_*.c)
foreach(source IN LISTS benches)
	get_filename_component(name ${source} NAME_WE)
	add_executable(${name} ${source})
	target_link_libraries(${name} PRIVATE hg_flags hg_support hg_whole)
	set_target_properties(${name} PROPERTIES
		ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
endforeach()

# For any gateway: they see nothing of ours.
if(NOT HG_ONLY)
	file(GLOB gwbench CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/bench/gwbench/*.c)
	add_executable(gwbench ${gwbench})
	add_executable(nullgw ${PROJECT_SOURCE_DIR}/tests/bench/nullgw.c)
	foreach(name gwbench nullgw)
		target_link_libraries(${name} PRIVATE hg_flags)
		set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
	endforeach()
endif()

# ---- peers: never sanitised, since what they link is not --------------------------------------------

add_custom_target(peers)
file(GLOB peers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/peers/*/*.c)
list(TRANSFORM peers REPLACE "/[^/]*$" "")
list(REMOVE_DUPLICATES peers)
if(peers)
	pkg_check_modules(PURPLE QUIET IMPORTED_TARGET purple)
endif()
if(peers AND PURPLE_FOUND)
	foreach(folder IN LISTS peers)
		get_filename_component(name ${folder} NAME)
		file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
		add_executable(${name} EXCLUDE_FROM_ALL ${sources})
		target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
		target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
		target_compile_options(${name} PRIVATE -Wall -Wextra -Wno-unused-parameter)
		target_link_libraries(${name} PRIVATE PkgConfig::PURPLE PkgConfig::XML ${CMAKE_DL_LIBS})
		set_target_properties(${name} PROPERTIES
			ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/peers)
		add_dependencies(peers ${name})
	endforeach()
endif()
