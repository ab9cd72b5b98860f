#pragma once
// What a session of PostgreSQL is for, and the settings and limits that follow from it.

#include <chrono>
#include <string>

namespace ordersync::store::pg {

// Whose session it is. It decides the timeouts: a command may take its time; a daemon's session that hangs keeps its
// successor waiting.
struct session {
  enum class purpose {
    command,  // waits for the server for ever, but for TCP to say that it is gone
    work,     // of a daemon: a statement is over within 30 s, or its answer is not waited for any longer
    watch,    // the leader election's: within 7 s
    probe,    // looks at what there is between this program and the server, or why another session waits: within 7 s;
              // sets nothing
  };
  purpose of = purpose::command;
  std::string name = "ordersync";  // application_name; a daemon's cannot be changed by the url
};

// One statement each that set up the session: every setting that its results depend on, and how commits are done.
std::string session_settings(session::purpose purpose);
std::string session_durability(session::purpose purpose);

// A statement: from here on, or for this transaction, a commit that was answered outlives a crash of the server. How
// many servers it is to be on stays as role, database or server have it; "off" they cannot have.
std::string durable_commits(bool in_transaction);

// Until when an answer is waited for that is asked for now: a little longer than the server would let a statement run.
std::chrono::steady_clock::time_point answer_deadline(std::chrono::steady_clock::time_point now,
                                                      session::purpose purpose);

}  // namespace ordersync::store::pg
