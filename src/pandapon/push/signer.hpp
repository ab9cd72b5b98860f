#pragma once
// Whose secret a push message is signed with. Pure; any thread.
//
// Facts: the header `Authorization` is HEX(HMAC-SHA256(base, access-secret)). Whether `base` is the whole body or the
// text of `messageBody`, and whether the hex is of upper or lower case, no page of the vendor's says: all four are
// accepted. Which secret and which reading fits takes the same time to find out as that none does.

#include "core/sha256.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ordersync::pandapon::push {

// The digest that a header spells: 64 hex digits, of one case; nothing else around but spaces.
std::optional<core::sha256> read_signature(std::string_view authorization);

// The index of the first secret that signs one of the texts; none: none does.
std::optional<std::size_t> signer_of(std::string_view authorization, std::span<const std::string_view> texts,
                                     std::span<const std::string_view> secrets);

}  // namespace ordersync::pandapon::push
