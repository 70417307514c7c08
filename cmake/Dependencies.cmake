# OpenVINO, Arrow and OpenBLAS come out of their PyPI wheels; the rest are Debian packages (see the Makefile for names).
find_package(Python 3.11 REQUIRED COMPONENTS Interpreter OPTIONAL_COMPONENTS Development.Module)

# The folder of an installed Python package.
function(pomona_wheel_dir package result)
  execute_process(
    COMMAND ${Python_EXECUTABLE} -c
            "import importlib.util as u, pathlib; print(pathlib.Path(u.find_spec('${package}').origin).parent)"
    OUTPUT_VARIABLE dir OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status ERROR_QUIET)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "Python package '${package}' is missing from ${Python_EXECUTABLE}: run `make setup`, or `pip install ${package}`")
  endif()
  set(${result} ${dir} PARENT_SCOPE)
endfunction()

pomona_wheel_dir(openvino OPENVINO_DIR)
find_package(OpenVINO REQUIRED COMPONENTS Runtime PATHS ${OPENVINO_DIR}/cmake NO_DEFAULT_PATH)

pomona_wheel_dir(pyarrow PYARROW_DIR)
foreach(name arrow arrow_s3 parquet)
  file(GLOB library ${PYARROW_DIR}/lib${name}.so.*)
  if(NOT library)
    message(FATAL_ERROR "lib${name}.so.* is missing from ${PYARROW_DIR}: reinstall pyarrow")
  endif()
  add_library(Arrow::${name} SHARED IMPORTED)
  set_target_properties(Arrow::${name} PROPERTIES IMPORTED_LOCATION ${library}
                        INTERFACE_INCLUDE_DIRECTORIES ${PYARROW_DIR}/include)
endforeach()

pomona_wheel_dir(scipy_openblas64 OPENBLAS_DIR)
add_library(OpenBLAS::OpenBLAS SHARED IMPORTED)
set_target_properties(OpenBLAS::OpenBLAS PROPERTIES
                      IMPORTED_LOCATION ${OPENBLAS_DIR}/lib/libscipy_openblas64_.so
                      INTERFACE_INCLUDE_DIRECTORIES ${OPENBLAS_DIR}/include)

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(CURL REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(WebP REQUIRED IMPORTED_TARGET libwebp libwebpdemux)
pkg_check_modules(Highway REQUIRED IMPORTED_TARGET libhwy)
pkg_check_modules(Pugixml REQUIRED IMPORTED_TARGET pugixml)
pkg_check_modules(Xxhash REQUIRED IMPORTED_TARGET libxxhash)
