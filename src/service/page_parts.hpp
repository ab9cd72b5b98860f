#pragma once
// The sources of the status page as they are built in; the texts are generated from src/service/page by
// embed_page.cmake.

#include <string_view>

namespace ordersync::service {

extern const std::string_view page_html;
extern const std::string_view page_style;
extern const std::string_view page_script;

}  // namespace ordersync::service
