#pragma once
// How what was erased is recognised when it comes again, without keeping it: hashes that a key of the database goes
// into. Pure.
//
// Hazard: a mobile number has few enough values to be found by trying them all. Whoever can read both tables can do so;
// without the key, from a backup of one table, nobody can.

#include "core/order_detail.hpp"

#include <set>
#include <string>
#include <string_view>

namespace ordersync::store::maintenance {

// Everywhere below a digit may also be a full-width one, or either of them as JSON escapes it.

// The digits of a telephone number, without China's country code (86, +86, 0086) before eleven digits. "" when they are
// fewer than 5 or more than 15.
std::string plain_number(std::string_view spelling);

// The same of each run of digits in a text that is not part of a longer one, and of runs that are the groups of one
// number: with a blank, a hyphen, a dot, a slash or a parenthesis between them, three of these at most.
std::set<std::string> numbers_in(std::string_view spelt);

// SHA-256 of key and text.
core::sha256 keyed_hash(const core::sha256& key, std::string_view text);

// What stands for an erased text in quarantine: equal for equal texts, so that one that comes again is no new one.
std::string stand_in(const core::sha256& key, std::string_view text);
bool is_stand_in(std::string_view text);

// Digit runs and numbers of everything personal in an order: of the addresses' numbers, the notes and the payload.
std::set<std::string> numbers_of(const core::order& order);
// Likewise: also of what people wrote.
std::set<std::string> numbers_of(const core::order_detail& detail);
std::set<std::string> numbers_of(const core::refund_info& refund);

}  // namespace ordersync::store::maintenance
