# A layer is a folder of src/. Its sources are the folder; its dependencies are named once, in src/CMakeLists.txt.
set(POMONA_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wimplicit-fallthrough -Werror
                    -Wno-restrict)  # GCC 12 sees overlaps in std::string that are not there (GCC bug 105651)

add_library(pomona_options INTERFACE)
target_compile_options(pomona_options INTERFACE ${POMONA_WARNINGS})
# The same source must give the same bits: no contraction that the code does not spell out.
target_compile_options(pomona_options INTERFACE -ffp-contract=off)
if(POMONA_SANITIZE)
  add_compile_options(-fsanitize=${POMONA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${POMONA_SANITIZE})
  # A build for tests: quick to make rather than quick to run, but for the layers that compute.
  set(CMAKE_CXX_FLAGS_RELEASE "-O0 -DNDEBUG")
  set(POMONA_OPTIMISED_LAYERS base image network stats classify samples)
  # GCC's own manual: the sanitizers' code makes it see uninitialised values that are not there; at -O1 also variables
  # of inlined std::string code that longjmp might clobber. Plain builds have both warnings.
  target_compile_options(pomona_options INTERFACE -Wno-maybe-uninitialized -Wno-clobbered)
endif()

# Sanitized builds read the largest headers once a target; plain ones do without, so that a file which forgets to
# include what it uses does not go unseen.
function(pomona_precompile target)
  if(POMONA_SANITIZE)
    target_precompile_headers(${target} PRIVATE <algorithm> <filesystem> <functional> <map> <memory> <string> <vector>
                              ${ARGN})
  endif()
endfunction()

# Headers of other people's libraries raise no warnings of ours.
function(pomona_link_system target)
  foreach(dependency ${ARGN})
    target_link_libraries(${target} PUBLIC ${dependency})
    get_target_property(dirs ${dependency} INTERFACE_INCLUDE_DIRECTORIES)
    if(dirs)
      target_include_directories(${target} SYSTEM PUBLIC ${dirs})
    endif()
  endforeach()
endfunction()

set_property(GLOBAL PROPERTY POMONA_LAYERS "")

# pomona_layer(<name> LAYERS <layers it may include> LIBRARIES <third-party targets>)
function(pomona_layer name)
  cmake_parse_arguments(ARG "" "" "LAYERS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")  # a program's entry is no part of a layer
  if(NOT sources)
    return()
  endif()
  add_library(pomona_${name} OBJECT ${sources})
  target_include_directories(pomona_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include
                                                   ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(pomona_${name} PRIVATE pomona_options)
  if(name IN_LIST POMONA_OPTIMISED_LAYERS)
    target_compile_options(pomona_${name} PRIVATE -O1)
  endif()
  foreach(layer ${ARG_LAYERS})
    if(TARGET pomona_${layer})
      target_include_directories(pomona_${name} PRIVATE $<TARGET_PROPERTY:pomona_${layer},INTERFACE_INCLUDE_DIRECTORIES>)
    endif()
  endforeach()
  pomona_link_system(pomona_${name} ${ARG_LIBRARIES})
  if("nlohmann_json::nlohmann_json" IN_LIST ARG_LIBRARIES)
    pomona_precompile(pomona_${name} <nlohmann/json.hpp>)
  else()
    pomona_precompile(pomona_${name})
  endif()
  set_property(GLOBAL APPEND PROPERTY POMONA_LAYERS pomona_${name})
endfunction()
