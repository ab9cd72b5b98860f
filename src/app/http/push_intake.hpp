#pragma once
// What is made of a request to push.listen. Pure.
//
// A message is believed when a configured account's secret signs it, in any of the four readings of the vendor's
// documentation. What names no order changes nothing and needs no signature: the vendor's console verifies the address
// with a request that nobody has documented, and wants 200.

#include "app/setup/loading.hpp"
#include "service/http_server.hpp"
#include "store/push/messages.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::http {

struct push_secret {
  std::string account;
  config::secret secret;
};
std::vector<push_secret> push_secrets_of(const setup::configuration& from);

// Exactly one of both: what to store, or why there is nothing to store.
struct judged_push {
  std::optional<store::push::new_message> message;
  std::string_view reason{};  // "other", "invalid" or "signature", as table push_refusals has them
};
judged_push judge_push(const service::http_request& request, const std::vector<push_secret>& secrets);

// "stored" or one of the reasons of table push_refusals.
service::http_answer push_answer(std::string_view reason);

}  // namespace ordersync::app::http
