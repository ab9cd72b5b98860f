#include "store/maintenance/erasure_marks.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ordersync::store::maintenance {
namespace {

constexpr std::string_view erased_mark = "erased:";

// Between the digits of one number, so many at most between two groups.
constexpr std::size_t most_separators = 3;
constexpr std::array<std::string_view, 13> number_separators{" ",
                                                             "-",
                                                             ".",
                                                             "/",
                                                             "(",
                                                             ")",
                                                             "\xC2\xA0",
                                                             "\xE2\x80\x93",
                                                             "\xE2\x80\x94",
                                                             "\xE3\x80\x80",
                                                             "\xEF\xBC\x8D",
                                                             "\xEF\xBC\x88",
                                                             "\xEF\xBC\x89"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// An id of 16 digits or more is no telephone number.
bool may_be_number(std::string_view digits) {
  return digits.size() >= 5 && digits.size() <= 15;
}

std::string without_country(std::string digits) {
  for (const std::string_view code : {"0086", "86"}) {
    if (digits.starts_with(code) && digits.size() == code.size() + 11) return digits.substr(code.size());
  }
  return digits;
}

struct spelt_digit {
  char digit = 0;  // 0: none
  std::size_t bytes = 1;
};

// What `text` begins with: 1, full-width 1 (U+FF11), or the escape of either.
spelt_digit first_digit(std::string_view text) {
  if (is_digit(text.front())) return {text.front(), 1};
  if (text.size() >= 3 && text.starts_with("\xEF\xBC") && text[2] >= '\x90' && text[2] <= '\x99')
    return {static_cast<char>('0' + (text[2] - '\x90')), 3};
  // Nested texts are escaped several times.
  const auto slashes = std::min(text.find_first_not_of('\\'), text.size());
  const auto escape = text.substr(slashes);
  if (slashes == 0 || escape.size() < 5 || escape[0] != 'u' || !is_digit(escape[4])) return {};
  const auto is_f = [](char c) { return c == 'f' || c == 'F'; };
  const bool full_width = is_f(escape[1]) && is_f(escape[2]) && escape[3] == '1';
  return escape.substr(1, 3) == "003" || full_width ? spelt_digit{escape[4], slashes + 5} : spelt_digit{};
}

// The text with every digit as ASCII has it.
std::string with_plain_digits(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const auto [digit, bytes] = first_digit(text);
    plain += digit != 0 ? digit : text.front();
    text.remove_prefix(bytes);
  }
  return plain;
}

std::size_t end_of_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// People write a number in groups: "138-0013 8000", "(0571) 8888.1234". `at` where there is none, or too many.
std::size_t end_of_separators(std::string_view text, std::size_t at) {
  auto end = at;
  for (std::size_t count = 0;; ++count) {
    const auto rest = text.substr(end);
    const auto one = std::ranges::find_if(number_separators, [&](auto each) { return rest.starts_with(each); });
    if (one == number_separators.end()) return end;
    if (count == most_separators) return at;
    end += one->size();
  }
}

// Each group by itself, and groups that follow each other as one number.
void add_numbers(const std::vector<std::string_view>& groups, std::set<std::string>& found) {
  constexpr std::size_t fewest_in_groups = 7;
  for (std::size_t first = 0; first < groups.size(); ++first) {
    std::string digits;
    for (auto last = first; last < groups.size() && digits.size() + groups[last].size() <= 15; ++last) {
      digits += groups[last];
      if (may_be_number(digits) && (last == first || digits.size() >= fewest_in_groups))
        found.insert(without_country(digits));
    }
  }
}

void add(std::set<std::string>& numbers, const core::text& spelling) {
  if (!spelling) return;
  auto number = plain_number(*spelling);
  if (!number.empty()) numbers.insert(std::move(number));
}

std::set<std::string> numbers_of(std::string_view payload, const std::vector<core::quarantine_note>& notes) {
  auto found = numbers_in(payload);
  for (const auto& note : notes) found.merge(numbers_in(note.raw));
  return found;
}

// Of contacts, addresses and senders of parcels.
template <class Contacts>
void add_all(std::set<std::string>& numbers, const Contacts& contacts) {
  for (const auto& one : contacts) {
    add(numbers, one.mobile);
    add(numbers, one.phone);
  }
}

}  // namespace

std::string plain_number(std::string_view spelling) {
  std::string digits;
  std::ranges::copy_if(with_plain_digits(spelling), std::back_inserter(digits), is_digit);
  return may_be_number(digits) ? without_country(std::move(digits)) : std::string{};
}

std::set<std::string> numbers_in(std::string_view spelt) {
  const auto plain = with_plain_digits(spelt);
  const std::string_view text = plain;
  std::set<std::string> found;
  std::vector<std::string_view> groups;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = end_of_digits(text, at);
    if (end == at) {
      const auto next = end_of_separators(text, at);
      if (next == at) {
        add_numbers(groups, found);
        groups.clear();
      }
      at = std::max(next, at + 1);
      continue;
    }
    groups.push_back(text.substr(at, end - at));
    at = end;
  }
  add_numbers(groups, found);
  return found;
}

core::sha256 keyed_hash(const core::sha256& key, std::string_view text) {
  std::string all{key.begin(), key.end()};
  all += text;
  return core::sha256_of(all);
}

std::string stand_in(const core::sha256& key, std::string_view text) {
  return std::string{erased_mark} + core::to_hex(keyed_hash(key, text));
}

bool is_stand_in(std::string_view text) {
  return text.starts_with(erased_mark) && text.size() == erased_mark.size() + 64;
}

std::set<std::string> numbers_of(const core::order& order) {
  auto found = numbers_of(order.payload, order.notes);
  if (order.receiver) {
    add(found, order.receiver->mobile);
    add(found, order.receiver->phone);
  }
  if (order.warehouse_address) {
    add(found, order.warehouse_address->mobile);
    add(found, order.warehouse_address->phone);
  }
  return found;
}

std::set<std::string> numbers_of(const core::order_detail& detail) {
  auto found = numbers_of(detail.payload, detail.notes);
  for (const auto* text : {&detail.buyer_feedback, &detail.buyer_memo, &detail.remark, &detail.close_remark})
    if (*text) found.merge(numbers_in(**text));
  add_all(found, detail.contacts);
  add_all(found, detail.addresses);
  add_all(found, detail.senders);
  return found;
}

std::set<std::string> numbers_of(const core::refund_info& refund) {
  return numbers_of(refund.payload, refund.notes);
}

}  // namespace ordersync::store::maintenance
