# SPDX-License-Identifier: Apache-2.0
#
# What an administrator gets besides the program: manual pages, unit, example, licences; and the tests that hold these
# equal to the sources.

install(FILES docs/heliograph.example.yaml docs/adapter.md README.md CHANGES.md NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY LICENSES DESTINATION ${CMAKE_INSTALL_DOCDIR})

# ---- manual pages: completed by a program that has the same tables as the daemon ---------------------

if(TARGET heliograph)
	add_executable(manual docs/man/manual.c)
	target_link_libraries(manual PRIVATE hg_flags hg_whole)
	set_target_properties(manual PROPERTIES ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/man)
	file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.in)
	foreach(template IN LISTS pages)
		get_filename_component(page ${template} NAME)
		string(REGEX REPLACE "\\.in$" "" page ${page})
		string(REGEX REPLACE "^.*\\." "" section ${page})
		set(made ${PROJECT_BINARY_DIR}/man/${page})
		add_custom_command(OUTPUT ${made} COMMAND manual ${template} > ${made} DEPENDS manual ${template} VERBATIM)
		list(APPEND made_pages ${made})
		install(FILES ${made} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
	endforeach()
	add_custom_target(manual-pages ALL DEPENDS ${made_pages})

	configure_file(docs/heliograph.service.in ${PROJECT_BINARY_DIR}/heliograph.service @ONLY)
	install(FILES ${PROJECT_BINARY_DIR}/heliograph.service DESTINATION lib/systemd/system)
	install(FILES docs/heliograph.sysusers DESTINATION lib/sysusers.d RENAME heliograph.conf)
endif()

# ---- tests ------------------------------------------------------------------------------------------

if(BUILD_TESTING)
	foreach(check events licences)
		add_test(NAME ${check} COMMAND ${HG_PYTHON} ${PROJECT_SOURCE_DIR}/tests/check_${check}.py)
		add_test(NAME ${check}-fails COMMAND ${HG_PYTHON} ${PROJECT_SOURCE_DIR}/tests/check_${check}.py --self-test)
		set_tests_properties(${check} ${check}-fails PROPERTIES LABELS unit)
	endforeach()
endif()
