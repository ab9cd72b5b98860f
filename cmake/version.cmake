# Which source a program was built from: writes OUTPUT, a C++ source with the commit, when that has changed. Run at each
# build, with SOURCE the tree and GIT the program (or something false).
cmake_minimum_required(VERSION 3.25)
set(commit unknown)
if(GIT AND EXISTS ${SOURCE}/.git)
  # The tree may belong to somebody else than who builds, which git would refuse; its hooks are not run by these.
  set(git ${GIT} -c safe.directory=${SOURCE} -C ${SOURCE})
  execute_process(COMMAND ${git} rev-parse --short=12 HEAD OUTPUT_VARIABLE hash OUTPUT_STRIP_TRAILING_WHITESPACE
                  RESULT_VARIABLE status ERROR_QUIET)
  if(status EQUAL 0)
    set(commit ${hash})
    execute_process(COMMAND ${git} status --porcelain --untracked-files=no OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      string(APPEND commit -dirty)
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT
"// Written by cmake/version.cmake.
namespace ordersync::cli::shared {
extern const char* const source_commit;
const char* const source_commit = \"@commit@\";
}  // namespace ordersync::cli::shared
" @ONLY)
