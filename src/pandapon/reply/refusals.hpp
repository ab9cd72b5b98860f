#pragma once
// Why the API says that it refuses a request: tables of the codes and words that APIs of this family use for it, in
// Chinese and English. Pure; any thread.
//
// The vendor documents none of them. Taking one wrongly changes the advice and how soon the next try is, never what is
// taken from orders.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::pandapon::reply {

enum class refusal {
  none,         // nothing that is known
  too_fast,     // fewer requests a second
  credentials,  // who asks, or how it is signed
  later,        // it is busy: asking again later helps
};

// `code` is a word such as "gw.QosAppFrequencyLimit", or empty; `number` is the envelope's code; `message` is what the
// reply says about it. What says most clearly that requests come too fast goes first: such a message may well name the
// key whose requests they are.
refusal why_refused(std::string_view code, std::optional<std::int64_t> number, std::string_view message);

// Whether such a refusal of credentials is about the call that they are used for: other calls may be allowed.
bool denies_permission(std::string_view code, std::string_view message);

}  // namespace ordersync::pandapon::reply
