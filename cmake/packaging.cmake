# Installs the program and makes its Debian package: `./dev package`, or cpack in a build directory.
include(GNUInstallDirs)

# cpack must not build everything first: build the targets ordersync and documents before you run it.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY TRUE)
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)
# Full RELRO: the loader resolves all functions at the start and makes their table read-only.
target_link_options(ordersync PRIVATE LINKER:-z,relro,-z,now)

set(documents ${CMAKE_BINARY_DIR}/packaging)
set(doc share/doc/ordersync)
install(TARGETS ordersync RUNTIME DESTINATION bin)
install(DIRECTORY migrations/ DESTINATION share/ordersync/migrations FILES_MATCHING PATTERN "*.sql")
install(FILES ${documents}/ordersync.1.gz DESTINATION share/man/man1)
install(FILES ${documents}/ordersync.yaml.5.gz DESTINATION share/man/man5)
install(FILES ${documents}/ordersync.bash DESTINATION share/bash-completion/completions RENAME ordersync)
install(FILES ${documents}/ordersync.zsh DESTINATION share/zsh/vendor-completions RENAME _ordersync)
install(FILES ${documents}/ordersync.fish DESTINATION share/fish/vendor_completions.d)
install(FILES ${documents}/changelog.gz ${documents}/changelog.Debian.gz packaging/debian/copyright README.md SECURITY.md
        DESTINATION ${doc})
install(DIRECTORY docs/ DESTINATION ${doc}/docs FILES_MATCHING PATTERN "*.md" PATTERN "*.png" PATTERN "grafana/*.json" PATTERN "json/*.json" PATTERN "dbt/*.yml"
        PATTERN "prometheus" EXCLUDE)
# In the package an alert's runbook names the installed manual.
foreach(file alerts.yml alerts_test.yml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS docs/prometheus/${file})
  file(READ docs/prometheus/${file} rules)
  string(REPLACE "runbook: docs/" "runbook: /usr/${doc}/docs/" rules "${rules}")
  file(WRITE ${documents}/prometheus/${file} "${rules}")
  install(FILES ${documents}/prometheus/${file} DESTINATION ${doc}/docs/prometheus)
endforeach()
install(FILES packaging/debian/lintian-overrides DESTINATION share/lintian/overrides RENAME ordersync)
install(FILES systemd/ordersync.service DESTINATION lib/systemd/system)
# The configuration is short, so that it seldom changes: dpkg asks about a new one only where both sides changed it.
install(FILES packaging/debian/ordersync.yaml DESTINATION /etc/ordersync)
install(FILES config/ordersync.yaml DESTINATION ${doc})
# Empty, and accessible only to root.
install(DIRECTORY DESTINATION /etc/ordersync/secrets
        DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
set(CPACK_PACKAGE_CONTACT "ordersync maintainers <maintainers@ordersync.invalid>")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "mirror of 1688 orders in PostgreSQL")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"ordersync keeps a complete, current and queryable copy of a company's 1688
orders in its own PostgreSQL. It reads them through the PandaPon OpenAPI,
window by window of creation time, and proves each window complete against
the API's own count.

The package contains the program, its systemd service, the configuration and
the manual pages. It needs a PostgreSQL server on this machine or another.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS ca-certificates)
# PostgreSQL's peer authentication needs libnss-systemd to look up the name of the service's user.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libnss-systemd)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, postgresql")
set(debian ${CMAKE_SOURCE_DIR}/packaging/debian)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${debian}/conffiles ${debian}/postinst ${debian}/prerm ${debian}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
