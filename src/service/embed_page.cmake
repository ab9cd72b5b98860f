# cmake -D OUTPUT=file.cpp -D HTML=a.html -D STYLE=a.css -D "SCRIPTS=a.js;b.js" -P embed_page.cmake
# Writes the C++ file that holds the status page's parts; the scripts become one, in this order.
function(piece name variable)
  set(text "")
  foreach(file ${ARGN})
    file(READ ${file} content)
    if(content MATCHES "</script|</style|\\)page\"")
      message(FATAL_ERROR "${file}: holds what would end it early")
    endif()
    string(APPEND text "${content}")
  endforeach()
  # A literal may be of any length for GCC, and of 65536 characters by the standard's least.
  set(${variable} "const std::string_view ${name}{R\"page(${text})page\"};\n" PARENT_SCOPE)
endfunction()

file(READ ${HTML} html)
piece(page_style style ${STYLE})
piece(page_script script ${SCRIPTS})
file(WRITE ${OUTPUT} "// Generated from src/service/page by src/service/embed_page.cmake.
#include \"service/page_parts.hpp\"

namespace ordersync::service {

const std::string_view page_html{R\"page(${html})page\"};
${style}${script}
}  // namespace ordersync::service
")
