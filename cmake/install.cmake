# The content of a package: programs, manuals, completions, units, the nginx site, alert rules and
# an example configuration. `cmake --install` copies it below the prefix, `cpack` makes a .deb of
# it.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY TRUE)  # a package needs no tests; see scripts/package
set(DEVY_UNIT_FOLDER lib/systemd CACHE STRING "Where units go, below the prefix")
set(DEVY_DATA_FOLDER ${CMAKE_INSTALL_DATADIR}/devy-upload)

foreach(program devy-upload devy-uploadd)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

foreach(section 1 5 8)
  file(GLOB pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

# The program itself knows what it completes.
if(TARGET devy-upload)
  foreach(shell bash zsh fish)
    set(script ${CMAKE_BINARY_DIR}/completion/devy-upload.${shell})
    add_custom_command(OUTPUT ${script}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/completion
      COMMAND $<TARGET_FILE:devy-upload> completion ${shell} > ${script}
      DEPENDS devy-upload COMMENT "Completion for ${shell}" VERBATIM)
    list(APPEND completions ${script})
  endforeach()
  add_custom_target(completions ALL DEPENDS ${completions})
  set(folder ${CMAKE_BINARY_DIR}/completion)
  install(FILES ${folder}/devy-upload.bash RENAME devy-upload
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${folder}/devy-upload.zsh RENAME _devy-upload
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
  install(FILES ${folder}/devy-upload.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

file(GLOB units CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/daemon/systemd/*.service
  ${CMAKE_SOURCE_DIR}/daemon/systemd/*.socket ${CMAKE_SOURCE_DIR}/daemon/systemd/*.timer)
install(FILES ${units} DESTINATION ${DEVY_UNIT_FOLDER}/system)
install(FILES daemon/systemd/devy-upload.sysusers RENAME devy-upload.conf DESTINATION lib/sysusers.d)
install(FILES daemon/nginx/devy-upload.conf DESTINATION ${DEVY_DATA_FOLDER}/nginx)
install(FILES daemon/alerts.yml DESTINATION ${DEVY_DATA_FOLDER})
install(FILES daemon/devy-upload.toml.example DESTINATION ${DEVY_DATA_FOLDER})
install(PROGRAMS scripts/smoke RENAME devy-upload-smoke DESTINATION ${DEVY_DATA_FOLDER})
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME devy-upload)
set(CPACK_PACKAGE_CONTACT "Devy <root@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "keeps blogs what their Git repositories are")
set(CPACK_PACKAGE_DESCRIPTION "Takes webhooks, fetches what was pushed, and publishes it to PostgreSQL:
 all of a commit, or nothing. An operator's command line and a daemon.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, passwd")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "postgresql")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nginx, prometheus, curl, python3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(script postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/daemon/debian/${script})
endforeach()
include(CPack)
