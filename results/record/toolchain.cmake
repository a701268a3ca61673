# cmake -DSOURCE=<repository> -DIN=<template> -DOUT=<file> -P toolchain.cmake
# Runs at every build, since a commit or an edit of any tracked file changes the answer. Files that git
# does not track cannot enter the program without an edit of one that it does.
function(git out)
  execute_process(COMMAND git -C "${SOURCE}" ${ARGN} OUTPUT_VARIABLE text ERROR_QUIET
                  RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    set(text "failed")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

set(HALCYON_COMMIT unknown)
set(HALCYON_DIRTY true)
git(top rev-parse --show-toplevel)
file(REAL_PATH "${SOURCE}" source)
if(top STREQUAL source)  # not some repository around an unpacked archive
  git(HALCYON_COMMIT rev-parse --verify HEAD)
  git(changes status --porcelain --untracked-files=no)
  if(HALCYON_COMMIT STREQUAL "failed")
    set(HALCYON_COMMIT unknown)
  elseif(changes STREQUAL "")
    set(HALCYON_DIRTY false)
  endif()
endif()
configure_file("${IN}" "${OUT}" @ONLY)
