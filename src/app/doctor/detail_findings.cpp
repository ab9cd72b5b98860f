#include "app/doctor/detail_findings.hpp"

namespace ordersync::app::doctor {

check assess_details(const std::string& account, const std::optional<core::result<void>>& read) {
  check one{.name = "details", .account = account};
  if (!read) {
    one.state = check_state::unknown;
    one.found = "the mirror has no order with a number at 1688 to try it with";
    one.cure = "run doctor again when orders are mirrored";
  } else if (read->has_value()) {
    one.found = "the API permits to read order details";
  } else if (read->error().kind == core::failure::not_permitted) {
    one.state = check_state::warning;
    one.found = "the API does not permit to read order details: " + read->error().what;
    one.cure =
        "ask the vendor to permit details.path and details.refund_path for the access key, or set "
        "details.enabled to false; orders are mirrored all the same";
  } else {
    one.state = check_state::unknown;
    one.found = read->error().what;
    one.cure = "run doctor again; if it persists, check details.path and ask the vendor";
  }
  return one;
}

}  // namespace ordersync::app::doctor
