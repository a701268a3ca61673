# Toolchain of the aarch64 targets: Debian's cross compiler, static programs.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
# Google Benchmark would run programs to learn these, which cannot run here.
foreach(feature STD_REGEX POSIX_REGEX STEADY_CLOCK PTHREAD_AFFINITY)
  set(HAVE_${feature} 1)
endforeach()
