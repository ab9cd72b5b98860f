#pragma once
// The statements about tables push_messages and push_refusals. Inside the caller's transaction.

#include "store/pg/connection.hpp"
#include "store/push/messages.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ordersync::store::push {

// See the functions of messages of the same names.
void insert_messages(pg::connection& db, const std::vector<new_message>& list);
void add_refusals(pg::connection& db, const std::map<std::string, std::int64_t>& by_reason);
void requeue_messages(pg::connection& db, const std::string& account, const std::vector<std::int64_t>& held);
bool any_message_waits(pg::connection& db, const std::string& account);
std::vector<taken_message> take_messages(pg::connection& db, const std::string& account, int most);
std::vector<known_order> find_orders(pg::connection& db, const std::string& account,
                                     const std::vector<order_numbers>& list);
void hand_over_messages(pg::connection& db, const std::vector<std::int64_t>& ids, const std::string& to_account);
void conclude_messages(pg::connection& db, const std::vector<concluded_message>& list);
// 5,000 at most; how many: again until there are none.
std::int64_t answer_further(pg::connection& db, const std::vector<concluded_message>& by);
std::int64_t leave_messages(pg::connection& db, const std::string& account);
std::int64_t expire_messages(pg::connection& db);

// Whose message that is; empty: there is none.
std::string read_account(pg::connection& db, std::int64_t id);

}  // namespace ordersync::store::push
