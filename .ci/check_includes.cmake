cmake_minimum_required(VERSION 3.25)
# cmake -DROOT=<source> -P check_includes.cmake
# Includes point left, between rooms and between the folders of a room; a header is part of what includes it. And what
# runs without Halide, in results and in bundles, reaches nothing that needs it.
set(rooms kernels schedules results suites autotune)

# Rooms and their folders, from left to right; a file belongs to the longest that holds it.
set(folders
  kernels kernels/problem kernels/oracle kernels/ops kernels/algorithms
  schedules/language schedules/apply schedules/fence schedules/targets schedules/recipes schedules/compile
  schedules/autoschedulers schedules/tuned
  results/text results/files results/record results/document results/figures results/comparison results/page results/table
  results/exports results/verify
  suites/cases suites/graph suites/quantise suites/onnx suites/onnx/reading suites/onnx/reading/ops suites/onnx/writing
  suites/bundle suites/protocol suites/meters suites/request suites/networks suites/networks/families suites/trials
  suites/peers
  suites/runner/process suites/runner/bundle suites/runner/check suites/runner/timing suites/runner
  suites/runs suites/verify suites/commands suites/take_home
  autotune/space autotune/strategies autotune/search autotune/in_network autotune)

# Where Halide.h may be; and what is free of Halide, with what that excludes.
set(halide "^(kernels/algorithms|schedules/(apply|compile|autoschedulers))/")
set(free "^(results|suites/runner|suites/protocol)/")
set(needs_halide "^(Halide\\.h|kernels/algorithms/.*|schedules/(apply|autoschedulers)/.*|schedules/compile/(compile|emit)\\.h)$")

set(bad "")
# The page that tells of them has the same, in the same order.
set(told "")
file(STRINGS "${ROOT}/docs/architecture.md" rows REGEX "^[|] `[a-z_/]+` [|]")
foreach(row ${rows})
  string(REGEX REPLACE "^[|] `([a-z_/]+)`.*" "\\1" folder "${row}")
  list(APPEND told "${folder}")
endforeach()
if(NOT told STREQUAL folders)
  string(APPEND bad "  docs/architecture.md tells of other folders, or in another order:\n    ${told}\n    than here:\n    ${folders}\n")
endif()

set(files "")
foreach(room ${rooms})
  file(GLOB_RECURSE found RELATIVE "${ROOT}" "${ROOT}/${room}/*.h" "${ROOT}/${room}/*.cpp")
  list(APPEND files ${found})
endforeach()
foreach(file ${files})
  file(STRINGS "${ROOT}/${file}" lines REGEX "^#include (\"|<Halide\\.h>)")
  foreach(line ${lines})
    string(REGEX REPLACE "^#include [\"<]([^\">]+)[\">].*" "\\1" to "${line}")
    string(REGEX REPLACE "/.*" "" room "${to}")
    if(room IN_LIST rooms OR to STREQUAL "Halide.h")
      list(APPEND "includes ${file}" "${to}")
    elseif(NOT to STREQUAL "HalideRuntime.h" AND NOT to MATCHES "\\.inc$")
      string(APPEND bad "  ${file}: ${line} (project includes are written from the root)\n")
    endif()
  endforeach()
endforeach()

# All that a file is made of, itself left out: global property "reach <file>".
function(follow file)
  get_property(done GLOBAL PROPERTY "reach ${file}" SET)
  if(done)
    return()
  endif()
  set_property(GLOBAL PROPERTY "reach ${file}" "${file}")  # ends a circle
  set(all "")
  foreach(to IN LISTS "includes ${file}")
    list(APPEND all "${to}")
    follow("${to}")
    get_property(further GLOBAL PROPERTY "reach ${to}")
    list(APPEND all ${further})
  endforeach()
  list(REMOVE_DUPLICATES all)
  set_property(GLOBAL PROPERTY "reach ${file}" "${all}")
endfunction()

# Where a file stands in the order.
function(place out file)
  cmake_path(GET file PARENT_PATH folder)
  while(folder AND NOT folder IN_LIST folders)
    cmake_path(GET folder PARENT_PATH folder)
  endwhile()
  list(FIND folders "${folder}" at)
  set(${out} ${at} PARENT_SCOPE)
  set(${out}_folder "${folder}" PARENT_SCOPE)
endfunction()

# What only tests include is theirs, and tests look at what stands beside and behind them, too, within their room.
set(ours "")
foreach(file ${files})
  follow("${file}")
  if(file MATCHES "\\.cpp$" AND NOT file MATCHES "_test\\.cpp$")
    get_property(reach GLOBAL PROPERTY "reach ${file}")
    list(APPEND ours "${file}" ${reach})
  endif()
endforeach()
list(REMOVE_DUPLICATES ours)

foreach(file ${files})
  place(from "${file}")
  string(REGEX REPLACE "/.*" "" room "${file}")
  list(FIND rooms "${room}" room_at)
  if(from EQUAL -1)
    string(APPEND bad "  ${file} is in no folder of the list in .ci/check_includes.cmake\n")
    continue()
  endif()
  foreach(to IN LISTS "includes ${file}")
    string(REGEX REPLACE "/.*" "" to_room "${to}")
    list(FIND rooms "${to_room}" to_room_at)
    place(at "${to}")
    if(to_room_at GREATER room_at)
      string(APPEND bad "  ${file}: ${to} (${room} stands left of ${to_room})\n")
    elseif(file IN_LIST ours AND at GREATER from)
      string(APPEND bad "  ${file}: ${to} (${from_folder} stands left of ${at_folder})\n")
    endif()
    # Said once: of the file that lets Halide in, not of all that include that file.
    get_property(reach GLOBAL PROPERTY "reach ${to}")
    set(reach "${to}" ${reach})
    if(file IN_LIST ours AND NOT file MATCHES "${halide}" AND "${to}" MATCHES "${halide}|^Halide\\.h$" AND "Halide.h" IN_LIST reach)
      string(APPEND bad "  ${file}: ${to} (Halide.h has no place in ${from_folder})\n")
    endif()
    if(file MATCHES "${free}" AND NOT to MATCHES "${free}")
      list(FILTER reach INCLUDE REGEX "${needs_halide}")
      if(reach)
        string(APPEND bad "  ${file}: ${to} (must build without Halide, but that is or includes ${reach})\n")
      endif()
    endif()
  endforeach()
endforeach()
if(bad)
  message(FATAL_ERROR "includes that point the wrong way:\n${bad}")
endif()
