#pragma once
// The log on stderr: core's port, a line an event, written before write() returns.
//
// At the journal (stderr is the stream that systemd names in JOURNAL_STREAM) a line begins with the priority that
// journald reads, <3> to <7>, and has no time, because journald notes its own.

#include "core/log.hpp"

#include <chrono>
#include <memory>

namespace ordersync::service {

enum class log_format { text, json };

struct log_options {
  core::severity least = core::severity::info;  // what is less severe is not written
  log_format format = log_format::text;
  bool journal = false;
  bool terminal = false;         // a line begins by clearing what a progress bar has left where it stands
  std::chrono::minutes zone{0};  // in which text shows moments; JSON has UTC
  // Warnings and errors of the same event (all that begin with "database_" are one) and account are written at most so
  // often, and the end of such a problem (`api_back`, `database_back`) where a line reported it; the next one that is
  // written says in `repeated` how many were not. Zero, or `least` below info: all are written.
  std::chrono::seconds fold{0};
};

// Thread-safe; lines of several threads, and of several such objects, do not mix. A line that cannot be written (stderr
// closed, disk full) is lost: there is nowhere left to say so.
class stderr_log : public core::log {
 public:
  // Takes effect from the next event on. For reload.
  virtual void set(log_options options) = 0;
};

std::unique_ptr<stderr_log> make_stderr_log(log_options options);

// Whether stderr, as it is now, is the journal. Not to be called while another thread changes the environment.
bool stderr_is_journal();
bool stderr_is_terminal();

}  // namespace ordersync::service
