// Replies to the order list: the vendor's envelope for errors, and pages, spoilt by faults where the fault file says
// so.
#pragma once

#include "api.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pandapon_sim {

/// The common envelope of the vendor's documentation, without data.
reply envelope(unsigned status, std::int64_t code, std::string_view message, std::uint64_t request_number);

/// Puts in the place of the reply, or of its body, what the fault says; nothing where the fault is about something
/// else.
void spoil_reply(const world& w, const fault& f, reply& r);

/// The page that `asked` names, as the faults leave it. Faults `add` and `mutate` change the catalogue for good.
reply answer_page(world& w, const query& asked, const std::vector<fault>& faults, epoch_ms now);

}  // namespace pandapon_sim
