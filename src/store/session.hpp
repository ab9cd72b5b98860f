#pragma once
// What a session of PostgreSQL is for, and the settings and limits that follow from it.

#include <chrono>
#include <string>

namespace ordersync::store {

// Whose session it is. It decides the timeouts: a command may take its time; a daemon's session that hangs keeps its
// successor waiting.
struct session {
  enum class purpose {
    command,  // waits for the server for ever, but for TCP to say that it is gone
    work,     // of a daemon: a statement is over within 30 s, or its answer is not waited for any longer
    watch,    // the watch post's: within 7 s
  };
  purpose of = purpose::command;
  std::string name = "ordersync";  // application_name; a daemon's cannot be changed by the url
};

// One statement that sets up the session: UTC, timeouts, keepalives.
std::string session_settings(session::purpose purpose);

// Until when an answer is waited for that is asked for now: a little longer than the server would let a statement run.
std::chrono::steady_clock::time_point patience_from(std::chrono::steady_clock::time_point now,
                                                    session::purpose purpose);

}  // namespace ordersync::store
