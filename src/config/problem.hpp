#pragma once
// What is wrong with a configuration, and where. Loading gathers all of them, so that one round of editing is enough.
// Texts never quote a value that could be a secret or part of one.

#include <boost/system/result.hpp>

#include <string>
#include <vector>

namespace ordersync::config {

// 1-based, columns in characters; line 0: the file as a whole.
struct location {
  int line = 0;
  int column = 0;
  friend auto operator<=>(const location&, const location&) = default;
};

struct problem {
  std::string file;  // as given on the command line
  location at;
  std::string text;  // what is wrong and what to do
};

// "ordersync.yaml:12:5: sync.live.every: ...".
std::string to_text(const problem& p);

// All of them, a line each.
std::string to_text(const std::vector<problem>& problems);

// Either the thing or every reason why not (at least one).
template <class T>
using checked = boost::system::result<T, std::vector<problem>>;

// Found by boost::system::result when value() is asked of a failed result: asking was the defect.
[[noreturn]] void throw_exception_from_error(const std::vector<problem>& problems, const boost::source_location& where);

}  // namespace ordersync::config
