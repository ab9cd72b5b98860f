#include "detail/parcels.hpp"

#include "random.hpp"

#include <array>
#include <string>
#include <string_view>

namespace pandapon_sim {
namespace {

struct carrier {
  std::string_view name, number, prefix;
};
constexpr std::array<carrier, 4> carriers{{{"样板快递(Sample)", "SAMPLE", "SM"},
                                           {"示例速运", "DEMO", "DM"},
                                           {"演示邮政", "SHOW", "SHOW00"},
                                           {"其他", "OTHER", ""}}};

void add_lines(parcel& p, std::int64_t first, std::size_t lines, std::size_t part, std::size_t parts) {
  for (std::size_t i = part; i < lines; i += parts) {
    const std::int64_t number = first + static_cast<std::int64_t>(i);
    p.line_ids.push_back(number);
    p.lines.value += (p.lines.value.empty() ? "" : ",") + std::to_string(number);
  }
}

void send_without_logistics(parcel& p) {
  p.waybill.value = "不需要物流";
  p.company.value = "";
  p.company_no.as = form::null;
  p.type.value = "2";
}

void add_carrier(parcel& p, dice& roll, bool on_its_way) {
  const carrier& by = carriers.at(roll.below(carriers.size()));
  const bool changes = roll.percent(20);
  const std::int64_t first = roll.between(1'000'000'000, 4'000'000'000);
  const std::int64_t later = roll.between(5'000'000'000, 9'000'000'000);
  p.company.value = by.name;
  p.company_no.value = by.number;
  p.type.value = roll.percent(80) ? "0" : "1";
  p.waybill.value = std::string(by.prefix).append(std::to_string(changes && !on_its_way ? later : first));
}

parcel make_parcel(const life& l, const line_context& context, std::size_t lines, std::size_t part, std::size_t parts) {
  dice roll(context.from.seed, purpose::detail, context.of.serial, 10 + part);
  parcel p;
  p.id.value = context.tb_order_id + 700'000 + static_cast<std::int64_t>(part);
  p.logistics_code.value = "LP" + std::to_string(roll.between(100'000'000, 999'999'999));
  p.status.value = l.received ? "sign" : "alreadysend";
  p.shipped.happened(part == 0 ? *l.shipped : *l.all_shipped);
  p.created = p.modified = p.shipped;
  if (l.received) p.modified.happened(*l.received);
  add_carrier(p, roll, !l.received);
  if (roll.percent(8)) send_without_logistics(p);
  p.from_phone.value = "";
  p.from_mobile.value = "100" + std::to_string(roll.between(10'000'000, 99'999'999));
  add_lines(p, context.tb_order_id, lines, part, parts);
  return p;
}

}  // namespace

std::vector<parcel> make_parcels(const life& l, const line_context& context, std::size_t lines) {
  std::vector<parcel> out;
  if (!l.shipped) return out;
  dice roll(context.from.seed, purpose::detail, context.of.serial, 3);
  const std::size_t parts = lines > 1 && roll.percent(40) ? 2 : 1;
  for (std::size_t part = 0; part < parts; ++part) out.push_back(make_parcel(l, context, lines, part, parts));
  return out;
}

}  // namespace pandapon_sim
