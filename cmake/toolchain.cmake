# How things are compiled: warnings are errors, sanitizers by preset, ccache and a fast linker where the machine has them.

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(CCACHE_PROGRAM ccache)
  if(CCACHE_PROGRAM)
    # Without the first it keeps nothing that was made with a precompiled header; with the others another clone or work
    # tree finds what this one has compiled.
    set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
                                        CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
  endif()
endif()

find_program(MOLD_PROGRAM mold)
find_program(LLD_PROGRAM ld.lld)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
elseif(LLD_PROGRAM)
  add_link_options(-fuse-ld=lld)
endif()

# One target that every target of ours links: warnings and the few definitions that must agree everywhere.
add_library(ordersync_options INTERFACE)
target_compile_options(ordersync_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                                                   -Wold-style-cast -Woverloaded-virtual -Werror
                                                   # A designated initializer names what it sets; the rest has defaults.
                                                   -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC reports false positives of these inside optimised coroutine frames and std::string moves (GCC bugs 105329, 107852).
  # With precompiled headers it reports them of the library's own lines, too.
  target_compile_options(ordersync_options INTERFACE -Wno-restrict -Wno-error=maybe-uninitialized
                                                     -Wno-error=array-bounds -Wno-error=stringop-overflow
                                                     -Wno-error=stringop-overread
                                                     -Wno-mismatched-new-delete)
  # Collecting garbage costs GCC a sixth of the time of a large source, and saves it a tenth of the memory.
  add_compile_options("SHELL:--param ggc-min-heapsize=1000000")
  if(ORDERSYNC_SANITIZE)
    # What the sanitizers add to the code makes GCC see ghosts everywhere; the unsanitized builds still look.
    target_compile_options(ordersync_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

# Of the sources of test programs, which are run a few times: what they test is compiled as it is shipped.
add_library(ordersync_test_options INTERFACE)
target_link_libraries(ordersync_test_options INTERFACE ordersync_options)
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" OR ORDERSYNC_SANITIZE)
  target_compile_options(ordersync_test_options INTERFACE -Og)
endif()

if(ORDERSYNC_SANITIZE)
  add_compile_options(-fsanitize=${ORDERSYNC_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ORDERSYNC_SANITIZE})
  if(ORDERSYNC_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  if(ORDERSYNC_SANITIZE MATCHES "thread")
    # Asio's fences are not understood by the thread sanitizer; the accesses they order are checked all the same.
    add_compile_options(-Wno-tsan)
  endif()
endif()
