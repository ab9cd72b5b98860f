#pragma once
// What can go wrong outside the program, as a value. A broken invariant of ours throws std::logic_error instead; a stop
// is no error.
//
// `what` is for people and goes to logs: it says what, where and what to do, and never holds a body, a header, a
// secret, personal data or a text of the database.

#include <boost/system/result.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace ordersync::core {

enum class failure {
  unreachable,     // transient: DNS, connect, TLS, a cut or late reply; trying again may help
  untrusted,       // the server's certificate is not acceptable: nothing was sent, and asking again soon is no use
  overloaded,      // transient: the API asks to wait (429, 503, a code that means "later")
  refused,         // auth: the API does not accept the credentials; trying again soon does not help
  not_permitted,   // auth: the API accepts the credentials, but not for this call; other calls may work
  unusable_reply,  // permanent: a reply nobody understands; the same request is not sent again on its own
  database_down,   // transient: no connection, or it was lost; the transaction can run again
  database,        // permanent: the database answered and refuses (rights, schema, disk)
  input,           // usage: a file, an argument or a setting is wrong
  defect,          // ours: the program contradicts itself
};

// What a refused or unusable reply says about asking in another way.
enum class remedy {
  none,         // asking in another way is no use, as far as is known
  ask_smaller,  // the reply is larger than api.max_response_bytes: a smaller page fits
  ask_less,     // the API understood the request and refuses it for a reason that is not known: a shorter range, an
                // earlier end, a smaller page or a lower rate may be what it allows
};

struct error {
  failure kind = failure::defect;
  std::string what;
  // Set when the API said how long to wait (Retry-After), already cut to the longest wait that is honoured.
  std::optional<std::chrono::milliseconds> retry_after = std::nullopt;
  core::remedy remedy = core::remedy::none;
};

// A short stable word for logs, metrics and the sweeps table: "unreachable", "refused", ...
const char* name(failure kind) noexcept;

// Whether the same thing may succeed later without anybody doing anything.
constexpr bool is_transient(failure kind) noexcept {
  return kind == failure::unreachable || kind == failure::overloaded || kind == failure::database_down;
}

template <class T>
using result = boost::system::result<T, error>;

// Found by boost::system::result when value() is asked of an error: asking was the defect.
[[noreturn]] inline void throw_exception_from_error(const error& e, const boost::source_location& /*where*/) {
  throw std::logic_error("value() of a failed result: " + e.what);
}

inline error make_error(failure kind, std::string what) {
  return error{.kind = kind, .what = std::move(what)};
}

}  // namespace ordersync::core
