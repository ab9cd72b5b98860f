#pragma once
// A table of an object's members says which column each becomes; one reader works them all. A new field of the API is
// one line in such a table (decode/order_fields.hpp) once core::order has a place for it.

#include "core/order.hpp"
#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"
#include "pandapon/json/scalar.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ordersync::pandapon::columns {

enum class column_form : unsigned char {
  text,
  integer,
  enumeration,
  order_status,
  decimal,
  time,
  word,
  yuan,
  zoned_time,
  id,
  counts,
  apart
};

template <class Row>
struct column {
  std::string_view name;  // on the wire
  column_form form = column_form::apart;
  core::text Row::*text = nullptr;
  core::integer Row::*number = nullptr;
  std::optional<core::instant> Row::*time = nullptr;
  std::span<const std::int64_t> known{};      // an enumeration's numbers; empty: whatever comes
  std::span<const std::string_view> words{};  // a state's words; empty: whatever comes
};

template <class Row>
constexpr column<Row> text_column(std::string_view name, core::text Row::*member) {
  return {name, column_form::text, member, nullptr, nullptr, {}};
}
template <class Row>
constexpr column<Row> integer_column(std::string_view name, core::integer Row::*member) {
  return {name, column_form::integer, nullptr, member, nullptr, {}};
}
template <class Row>
constexpr column<Row> enumeration_column(std::string_view name, core::integer Row::*member,
                                         std::span<const std::int64_t> known = {}) {
  return {name, column_form::enumeration, nullptr, member, nullptr, known};
}
// An order's or a line's: 1688's words for it are taken too.
template <class Row>
constexpr column<Row> order_status_column(std::string_view name, core::integer Row::*member,
                                          std::span<const std::int64_t> known) {
  return {name, column_form::order_status, nullptr, member, nullptr, known};
}
template <class Row>
constexpr column<Row> decimal_column(std::string_view name, core::text Row::*member) {
  return {name, column_form::decimal, member, nullptr, nullptr, {}};
}
template <class Row>
constexpr column<Row> time_column(std::string_view name, std::optional<core::instant> Row::*member) {
  return {name, column_form::time, nullptr, nullptr, member, {}};
}
// A state, as its word.
template <class Row>
constexpr column<Row> word_column(std::string_view name, core::text Row::*member,
                                  std::span<const std::string_view> known) {
  return {name, column_form::word, member, nullptr, nullptr, {}, known};
}
// Money that is served in yuan.
template <class Row>
constexpr column<Row> yuan_column(std::string_view name, core::fen Row::*member) {
  return {name, column_form::yuan, nullptr, member, nullptr, {}};
}
// A time that is served with its offset.
template <class Row>
constexpr column<Row> zoned_time_column(std::string_view name, std::optional<core::instant> Row::*member) {
  return {name, column_form::zoned_time, nullptr, nullptr, member, {}};
}
// An id that is text and becomes a key.
template <class Row>
constexpr column<Row> id_column(std::string_view name, core::text Row::*member) {
  return {name, column_form::id, member, nullptr, nullptr, {}};
}
// A member that is known and has no column, but counts when two readings are compared.
template <class Row>
constexpr column<Row> counts(std::string_view name) {
  return {name, column_form::counts, nullptr, nullptr, nullptr, {}};
}
// A member that somebody reads by hand: the object's key, a nested one, one that has no column.
template <class Row>
constexpr column<Row> apart(std::string_view name) {
  return {name, column_form::apart, nullptr, nullptr, nullptr, {}};
}

// The members of one object, sorted into a table's places. Points into all it was made of; lives shorter than those.
template <class Row, std::size_t N>
class object_reader {
 public:
  // Finds each member's place; reports members that the table does not know and keys served twice with different
  // values.
  object_reader(const json::json_value& object, const std::array<column<Row>, N>& table, const json::json_path& where,
                findings& found)
      : table_(table), where_(where), found_(found) {
    std::size_t next = 0;  // the API serves the same order each time, so the next place is the likeliest
    for (const auto& member : object.children) {
      const auto place = place_of(member.name, next);
      if (place == N) {
        found_.unknown_member(where_.member(member.name), member);
        continue;
      }
      next = place + 1 == N ? 0 : place + 1;
      take(place, member);
    }
  }

  // Every column that the object has a usable value for. The others stay as they are.
  void fill(Row& row) {
    for (std::size_t i = 0; i < N; ++i) {
      if (const auto* value = usable(i); value != nullptr) fill_one(table_[i], *value, row);
    }
  }

  // The member of that name; nothing when it is absent, or served twice with different values.
  const json::json_value* member(std::string_view name) const {
    const auto place = place_of(name, 0);
    return place == N ? nullptr : usable(place);
  }

 private:
  std::size_t place_of(std::string_view name, std::size_t from) const {
    for (std::size_t step = 0, i = from; step < N; ++step, i = i + 1 == N ? 0 : i + 1) {
      if (table_[i].name == name) return i;
    }
    return N;
  }

  void take(std::size_t place, const json::json_value& member) {
    if (values_[place] == nullptr) {
      values_[place] = &member;
    } else if (!clash_[place] && values_[place]->raw != member.raw) {
      clash_[place] = true;
      const auto both = std::string(values_[place]->raw).append(", ").append(member.raw);
      found_.cannot_use(where_.member(member.name), "its key appears twice with different values", both);
    }
  }

  const json::json_value* usable(std::size_t place) const { return clash_[place] ? nullptr : values_[place]; }

  void fill_one(const column<Row>& one, const json::json_value& value, Row& row) {
    const auto complaint = read(one, value, row);
    if (!complaint.empty()) {
      found_.cannot_use(where_.member(one.name), complaint, value.raw);
      return;
    }
    if (one.form == column_form::counts) return found_.also_counts(where_.member(one.name), value);
    if (!one.known.empty() && row.*one.number) check_number(one, *(row.*one.number));
    if (!one.words.empty() && row.*one.text) check_word(one, *(row.*one.text));
  }

  void check_number(const column<Row>& one, std::int64_t served) {
    for (const auto number : one.known) {
      if (number == served) return;
    }
    found_.unknown_number(where_.member(one.name), served);
  }

  // Nothing may come as "".
  void check_word(const column<Row>& one, std::string_view served) {
    if (served.empty()) return;
    for (const auto word : one.words) {
      if (word == served) return;
    }
    found_.unknown_word(where_.member(one.name), served);
  }

  static std::string_view read(const column<Row>& one, const json::json_value& value, Row& row) {
    switch (one.form) {
      case column_form::text:
        return json::read_text(value, row.*one.text);
      case column_form::integer:
        return json::read_integer(value, row.*one.number);
      case column_form::enumeration:
        return json::read_small_integer(value, row.*one.number);
      case column_form::order_status:
        return json::read_order_status(value, row.*one.number);
      case column_form::decimal:
        return json::read_decimal(value, row.*one.text);
      case column_form::time:
        return json::read_time(value, row.*one.time);
      case column_form::word:
        return json::read_text(value, row.*one.text);
      case column_form::yuan:
        return json::read_yuan(value, row.*one.number);
      case column_form::zoned_time:
        return json::read_zoned_time(value, row.*one.time);
      case column_form::id:
        return json::read_id(value, row.*one.text);
      case column_form::counts:
      case column_form::apart:
        return {};
    }
    return {};
  }

  const std::array<column<Row>, N>& table_;
  const json::json_path& where_;
  findings& found_;
  std::array<const json::json_value*, N> values_{};
  std::array<bool, N> clash_{};
};

}  // namespace ordersync::pandapon::columns
