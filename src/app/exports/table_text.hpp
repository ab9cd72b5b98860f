#pragma once
// Rows of schema reporting as CSV, as CSV for Excel, or as a JSON object a line. Pure.
//
// csv: RFC 4180 in UTF-8, with a header line; times with the offset of the zone; NULL is empty and an empty text "".
// excel: the same with a byte order mark, times of the zone without offset, and texts that Excel would take for
// something else made harmless: see excel_text(). What it holds is for Excel; programs read csv.
// ndjson: times in UTC, numbers as PostgreSQL writes them.
//
// Text must be UTF-8, as the database's is.

#include "store/feed/feed.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::exports {

enum class table_format { csv, excel, ndjson };

class table_text {
 public:
  table_text(table_format as, std::chrono::minutes zone) : as_(as), zone_(zone) {}

  // Appends what comes before the rows. Once, or again to begin anew.
  void begin(std::string& out, const std::vector<store::feed::column>& columns);
  // Appends a row of as many cells.
  void row(std::string& out, const std::vector<store::feed::cell>& cells) const;

 private:
  void append_object(std::string& out, const std::vector<store::feed::cell>& cells) const;
  void append_record(std::string& out, const std::vector<store::feed::cell>& cells) const;
  std::string value_text(store::feed::column_kind kind, std::string_view value) const;

  table_format as_;
  std::chrono::minutes zone_;
  std::vector<store::feed::column_kind> kinds_;
  std::vector<std::string> keys_;  // of ndjson: `"name":`
};

// A text that begins, blanks aside, with = + - @ (of either width), a tab or the end of a line could become a formula:
// it gets an apostrophe in front. One that begins with a digit could become a number or a date, and lose digits: it
// becomes ="...", a formula whose value is the text. Everything else stays.
std::string excel_text(std::string_view text);

// As one field of a record of CSV.
void append_field(std::string& out, std::string_view text);

}  // namespace ordersync::app::exports
