#pragma once
// The document of the status page: one self-contained HTML, put together from src/service/page when the program is
// built, and the Content-Security-Policy that goes with it. It allows this very script and style, by their hashes, and
// requests to where the document came from; nothing else is loaded, sent or run.

#include <string>

namespace ordersync::service {

struct page_document {
  std::string document;
  std::string security_policy;
};

// Made once. Any thread.
const page_document& status_page();

}  // namespace ordersync::service
