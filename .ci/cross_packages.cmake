# What the program inside a bundle needs, for a target that is not the host: headers of the host's
# packages that are the same everywhere, and Google Benchmark as `.ci/setup cross` built it.
find_package(Threads REQUIRED)
find_package(benchmark REQUIRED NO_DEFAULT_PATH PATHS "${HALCYON_DEPS}/benchmark-${CMAKE_SYSTEM_PROCESSOR}")

# Copied, because the rest of /usr/include is the host's.
file(COPY /usr/include/nlohmann DESTINATION "${PROJECT_BINARY_DIR}/include")
add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED)
target_include_directories(nlohmann_json::nlohmann_json INTERFACE "${PROJECT_BINARY_DIR}/include")

file(GLOB halide_include "${HALCYON_DEPS}/venv/lib/python3*/site-packages/halide/include")
add_library(Halide::Runtime INTERFACE IMPORTED)
target_include_directories(Halide::Runtime INTERFACE "${halide_include}")
