#include "service/page.hpp"

#include "core/base64.hpp"
#include "core/sha256.hpp"
#include "service/page_parts.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>

namespace ordersync::service {
namespace {

// As a policy names an inline script or style: 'sha256-BASE64'.
std::string hash_source(std::string_view text) {
  const auto digest = core::sha256_of(text);
  const std::string bytes(digest.begin(), digest.end());
  return "'sha256-" + core::base64_of(bytes) + '\'';
}

void put(std::string& document, std::string_view mark, std::string_view text) {
  const auto at = document.find(mark);
  if (at == std::string::npos) throw std::logic_error("the status page has no place for " + std::string{mark});
  document.replace(at, mark.size(), text);
}

page_document assembled() {
  page_document result{.document = std::string{page_html}};
  put(result.document, "/*style*/", page_style);
  put(result.document, "/*script*/", page_script);
  result.security_policy = fmt::format(
      "default-src 'none'; connect-src 'self'; img-src data:; script-src {}; style-src {}; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'",
      hash_source(page_script), hash_source(page_style));
  return result;
}

}  // namespace

const page_document& status_page() {
  static const page_document made = assembled();
  return made;
}

}  // namespace ordersync::service
