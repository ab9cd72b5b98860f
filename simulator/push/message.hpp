// One push message: what happened to an order, as the vendor would write and sign it. Sources: the vendor's and Xport's
// documentation, 1688's list of topics; words of orderStatus that none of them shows are invented. Pure.
#pragma once

#include "catalogue.hpp"
#include "push/rules.hpp"

#include <string>
#include <string_view>

namespace pandapon_sim {

struct push_message {
  std::string body;     // of the HTTP request
  std::string message;  // the text of messageBody; it stands in the body, as it is if messageBody is an object
};

/// An event of no steps tells of nothing that happened: its type is the one that led to the order's status.
push_message write_push(const catalogue& orders, const push_rules& rules, const event& what);

/// Hex of HMAC-SHA256 of what the rules say is signed.
std::string sign_push(const push_rules& rules, const push_message& what, std::string_view secret);

}  // namespace pandapon_sim
