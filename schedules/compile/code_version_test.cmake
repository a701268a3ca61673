cmake_minimum_required(VERSION 3.25)
# cmake -DROOT=<source> -DFOLDER=<of its own> "-DSOURCES=..." "-DBESIDE=..." -P code_version_test.cmake
# What is a miss of the cache of objects and what is a hit, on a copy of the sources: SOURCES and BESIDE are those that
# the build hands to code_version.cmake.
set(script "${CMAKE_CURRENT_LIST_DIR}/code_version.cmake")
set(copy "${FOLDER}/source")
set(bad "")
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${copy}")
foreach(room kernels schedules results)
  file(COPY "${ROOT}/${room}" DESTINATION "${copy}")
endforeach()
file(COPY "${ROOT}/README.md" DESTINATION "${copy}")
foreach(list SOURCES BESIDE)
  list(TRANSFORM ${list} REPLACE "^${ROOT}/" "${copy}/")
endforeach()

# version(<out>): of the copy as it is.
function(version out)
  execute_process(COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${FOLDER}/version.cpp" "-DROOT=${copy}" "-DSOURCES=${SOURCES}"
    "-DBESIDE=${BESIDE}" -P "${script}" COMMAND_ERROR_IS_FATAL ANY)
  file(READ "${FOLDER}/version.cpp" text)
  if(NOT text MATCHES "\"([0-9a-f]+)\"")
    message(FATAL_ERROR "no version in ${text}")
  endif()
  set(${out} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

# expect(MISS|HIT <file>): of the copy in which a line of that file is another one; then it is put back.
function(expect what file)
  if(NOT EXISTS "${copy}/${file}")
    message(FATAL_ERROR "${file} is gone: name another in code_version_test.cmake")
  endif()
  file(READ "${copy}/${file}" before)
  file(APPEND "${copy}/${file}" "\n// changed\n")
  version(now)
  file(WRITE "${copy}/${file}" "${before}")
  set(was HIT)
  if(NOT now STREQUAL unchanged)
    set(was MISS)
  endif()
  if(NOT was STREQUAL what)
    string(APPEND bad "  ${file} changed: ${was}, expected ${what}\n")
    set(bad "${bad}" PARENT_SCOPE)
  endif()
endfunction()

version(unchanged)
# What makes an object of a candidate: formulas, their arithmetic, steps and how they are carried out.
foreach(file schedules/language/layout.cpp schedules/language/step.cpp schedules/language/step_check.cpp
             schedules/language/layout.h kernels/ops/window.h kernels/ops/dense.h kernels/ops/pw.cpp
             kernels/problem/problem.h kernels/algorithms/pw.cpp kernels/algorithms/activation_fit.h
             schedules/apply/apply.cpp schedules/apply/rewrites/rewrites.h schedules/apply/rewrites/pack.cpp
             schedules/compile/emit.cpp)
  expect(MISS ${file})
endforeach()
# What does not.
foreach(file README.md results/record/record.cpp results/record/record.h schedules/README.md
             schedules/language/layout_test.cpp schedules/recipes/pw.cpp schedules/recipes/tile.h
             schedules/tuned/tuned.cpp schedules/targets/j6m.json)
  expect(HIT ${file})
endforeach()
version(again)
if(NOT again STREQUAL unchanged)
  string(APPEND bad "  nothing changed: MISS, expected HIT\n")
endif()

# A header that came to be: unknown to every list, and included by a source.
file(WRITE "${copy}/schedules/language/fresh.h" "#pragma once\n")
version(stray)
if(NOT stray STREQUAL unchanged)
  string(APPEND bad "  a header that nothing includes: MISS, expected HIT\n")
endif()
file(APPEND "${copy}/schedules/language/layout.h" "#include \"schedules/language/fresh.h\"\n")
version(unchanged)
expect(MISS schedules/language/fresh.h)
if(EXISTS "${FOLDER}/version.cpp.d")
  file(READ "${FOLDER}/version.cpp.d" dependencies)
endif()
if(NOT "${dependencies}" MATCHES "/schedules/language/fresh\\.h")
  string(APPEND bad "  schedules/language/fresh.h is included, and the build is not told that it counts\n")
endif()
file(REMOVE_RECURSE "${FOLDER}")
if(bad)
  message(FATAL_ERROR "the version of the code that makes objects:\n${bad}")
endif()
