# Installs the header and the files that make find_package(LinkGrad) work.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/LinkGrad)
math(EXPR LinkGrad_NEXT_LLVM "${LLVM_VERSION_MAJOR} + 1")
configure_package_config_file(cmake/LinkGradConfig.cmake.in
  ${PROJECT_BINARY_DIR}/LinkGradConfig.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/LinkGradConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)

install(FILES ${PROJECT_BINARY_DIR}/LinkGradConfig.cmake
              ${PROJECT_BINARY_DIR}/LinkGradConfigVersion.cmake
        DESTINATION ${package_dir})
install(DIRECTORY include/linkgrad DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
