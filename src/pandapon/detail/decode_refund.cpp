#include "pandapon/detail/decode_refund.hpp"

#include "pandapon/columns/columns.hpp"
#include "pandapon/detail/data_object.hpp"
#include "pandapon/detail/detail_fields.hpp"
#include "pandapon/detail/detail_hash.hpp"

namespace ordersync::pandapon::detail {
namespace {

constexpr std::string_view what = "refund";

// The id that the reply says; none where it says none, or none that can be used.
core::text read_refund_id(const json::json_value* served, const json::json_path& where, columns::findings& found) {
  core::text id;
  if (served == nullptr) return id;
  const auto complaint = json::read_text(*served, id);
  if (!complaint.empty()) found.cannot_use(where, complaint, served->raw);
  return id && id->empty() ? std::nullopt : id;
}

}  // namespace

core::result<core::refund_info> decode_refund(std::string_view data, const std::string& refund_id,
                                              core::instant observed_at) {
  json::json_arena arena;
  const auto object = open_data(data, what, arena);
  if (!object) return object.error();
  const json::json_path root;
  columns::findings found;
  columns::object_reader members(**object, refund_fields, root, found);
  core::refund_info refund;
  refund.id = refund_id;
  refund.observed_at = observed_at;
  members.fill(refund);
  const auto served = read_refund_id(members.member("refundId"), root.member("refundId"), found);
  if (served && *served != refund_id) return unusable(what, "is another one than was asked for");
  found.move_into(refund);
  refund.content_hash = content_hash(refund, found.extras());
  refund.payload = data;
  refund.payload_sha256 = core::sha256_of(data);
  return refund;
}

}  // namespace ordersync::pandapon::detail
