#pragma once
// Decides what a webhook is sent, and when: what has lasted for the settle time, or has been over for as long, folded
// into one message, and of each kind at most one message in `least_pause`, and one that it is over. Pure; one thread.
//
// A message counts as sent once it was accepted; one that was not is due again after the pause, while it is still true.

#include "app/alerts/condition.hpp"
#include "app/alerts/message.hpp"
#include "config/settings.hpp"
#include "core/time.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::alerts {

inline constexpr std::chrono::minutes least_pause{15};

struct engine_rules {
  std::vector<config::alert_kind> on;
  std::chrono::milliseconds settle{};
};

// What is seen of the mirror at one moment.
struct observation {
  core::instant now{};
  std::vector<condition> conditions;
  // When something was last proven of each configured account; none: never. What kept an account from being read is
  // over once something newer is proven, not because its failures are out of sight, as after a restart.
  std::map<std::string, std::optional<core::instant>, std::less<>> proven;
  bool database_alone = false;  // nothing is known but whether the database works
};

// What was sent, to be kept by whoever starts or leads next.
struct sent_record {
  problem_name name;
  core::instant since{};
  core::instant sent_at{};
  std::optional<core::instant> ended_at;  // that it is over was sent; kept while it still counts for the pause

  friend bool operator==(const sent_record&, const sent_record&) = default;
};

class alert_engine {
 public:
  explicit alert_engine(engine_rules rules) : rules_(std::move(rules)) {}

  void use(engine_rules rules) { rules_ = std::move(rules); }
  // Adds what is not known here.
  void restore(const std::vector<sent_record>& records);
  // Another leader reports the rest from now on.
  void forget_all_but_database();
  // Messages that were given out and not concluded will not be; what they said is due at once.
  void forget_sending();

  // What is to be sent now: at most one message of problems and one of what is over.
  std::vector<message> step(const observation& seen);
  // What still holds of a message that step() returned and that waits to be sent; none: nothing. What does not is taken
  // back, and was not reported then: a problem that has ended needs no message, nor one that it is over.
  std::optional<message> still_true(const message& m);
  // What came of a message that step() returned.
  void conclude(const message& m, bool delivered, core::instant now);

  std::vector<sent_record> sent() const;
  // A problem with the database that was reported, or is being reported, and is not over.
  bool owes_database() const;

 private:
  struct entry {
    core::instant since{};       // when it began, as far as that is known; as it was sent, once it was
    core::instant first_seen{};  // here; it has to last from then on
    std::string what;
    std::string cure;
    std::string headline;
    status::health level{};
    bool present = false;
    bool sending = false;
    std::optional<core::instant> sent_at;
    std::optional<core::instant> gone_since;
    std::optional<core::instant> ended_at;
    std::optional<std::optional<core::instant>> proven;  // when it was last seen; none: it was not seen here yet
  };
  using entries = std::map<problem_name, entry>;
  using pauses = std::map<config::alert_kind, core::instant>;

  bool counts(config::alert_kind kind) const;
  bool listens_to(config::alert_kind kind) const;
  void see(const condition& one, const observation& seen);
  static void note_beginning(entry& of, const condition& one, core::instant now);
  static void miss(const problem_name& name, entry& of, const observation& seen);
  void end_silently(core::instant now);
  void drop_ended(core::instant now);
  bool is_new(const entry& of, core::instant now) const;
  bool is_over(const entry& of, core::instant now) const;
  message gather(message_state state, core::instant now);

  engine_rules rules_;
  entries entries_;
  bool database_alone_ = false;
  pauses reported_;  // the last message of a kind, whatever came of it
  pauses ended_;     // and the last that it is over
};

}  // namespace ordersync::app::alerts
