#pragma once
// The vendor's push messages as the database keeps them: what waits to be read, and what became of it. Part of
// store::database; threads and errors are those of store.hpp.
//
// Any daemon stores messages; the leader alone takes and concludes them. A message that is taken and that the leader
// does not hold goes back to those that wait: see requeue().
//
// Hazard: numbers of orders are the company's business data: no log needs them.

#include "core/error.hpp"
#include "core/order.hpp"
#include "core/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::push {

// Which order a message is about, as it spells it; one of both is there.
struct order_numbers {
  std::string order_id;  // 1688's number, or the vendor's id
  std::string order_no;

  friend auto operator<=>(const order_numbers&, const order_numbers&) = default;
};

// Valid text without NUL bytes.
struct new_message {
  std::string account;
  std::string type;
  order_numbers about;
  std::optional<core::instant> sent_at;
  std::chrono::milliseconds age{0};  // since it arrived
};

struct taken_message {
  std::int64_t id = 0;
  order_numbers about;
};

// An order of the mirror that has one of the numbers.
struct known_order {
  std::size_t asked = 0;  // index of the numbers
  std::int64_t id = 0;
  std::string account;
  std::string tb_order_id;  // empty: none
  std::optional<core::instant> created_at, tb_created_at;
  core::sha256 content_hash{};
  bool vanished = false;
};

enum class outcome { changed, unchanged, coalesced, not_shown, left };
const char* name(outcome o) noexcept;

struct concluded_message {
  std::int64_t id = 0;
  outcome what = outcome::unchanged;
  std::optional<core::instant> read_at;
  core::integer found_id;
};

// Of one account.
struct push_figures {
  std::optional<core::instant> first_at;    // the oldest message that is kept
  std::optional<core::instant> latest_at;   // when the last one arrived
  std::map<std::string, std::int64_t> day;  // of the last 24 h, by outcome
  std::optional<std::chrono::milliseconds> p50,
      p99;  // in 24 h, from its arrival to the stored change, where one was found
  // Changes of the last 24 h, since the first message and at most the newest 20,000; and those of them that no message
  // announced from two minutes before to two minutes after.
  std::int64_t changes = 0;
  std::int64_t unannounced = 0;
};

struct refusal_figures {
  std::int64_t day = 0;  // in the last 24 hours
  core::instant last_at{};
};

class messages {
 public:
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  messages() = default;
  messages(const messages&) = delete;
  messages& operator=(const messages&) = delete;
  virtual ~messages() = default;

  // Whatever daemon this is. They are stored for good when it returns without an error; otherwise they may be.
  virtual answer<void> insert(std::vector<new_message> list) = 0;
  // Adds to the present hour's, by reason.
  virtual answer<void> count_refusals(std::map<std::string, std::int64_t> by_reason) = 0;

  // Makes those wait again that were taken by somebody else, a former leader for example, or by a transaction whose end
  // got lost. `held`: those that the caller has.
  virtual answer<void> requeue(std::string account, std::vector<std::int64_t> held) = 0;
  virtual answer<bool> any_waiting(std::string account) = 0;
  // The oldest that wait; nobody else gets them.
  virtual answer<std::vector<taken_message>> take(std::string account, int most) = 0;
  // Of any account, of `account` first where a number fits several; numbers that fit no order are left out.
  virtual answer<std::vector<known_order>> locate(std::string account, std::vector<order_numbers> list) = 0;
  // Taken messages that are another account's wait for its reader.
  virtual answer<void> hand_over(std::vector<std::int64_t> ids, std::string to_account) = 0;
  // Messages about the same orders that still wait and came before the orders were read are answered, too: how many. So
  // a backlog costs a read for each order, not for each message. Several transactions where they are many; running it
  // again goes on where it ended.
  virtual answer<std::int64_t> conclude(std::vector<concluded_message> list) = 0;
  // Those of the account that have waited for more than a day are left, 5,000 in a transaction; of all accounts, what
  // is older than 30 days goes, 10,000 at a time. How many went.
  virtual answer<std::int64_t> expire(std::string account) = 0;

  virtual answer<push_figures> figures(std::string account) = 0;
  // By reason; whatever did not occur in 24 hours is left out.
  virtual answer<std::map<std::string, refusal_figures>> refusals() = 0;
};

}  // namespace ordersync::store::push
