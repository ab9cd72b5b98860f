#include "compose.hpp"
#include "identity.hpp"
#include "json_text.hpp"
#include "random.hpp"
#include "vocabulary.hpp"

#include <string>

namespace pandapon_sim {
namespace {

void add_product(order_line& line, dice& roll) {
  append_number(line.product_id.value, 600'000'000'000 + roll.between(0, 4'000'000'000));
  for (const std::string_view part : {pick(roll, words::makes()), pick(roll, words::materials()),
                                      pick(roll, words::products()), pick(roll, words::purposes())})
    line.name.value += part;
  line.unit.value = pick(roll, words::units());
  line.sku_id.value = 5'000'000'000'000 + roll.between(0, 4'000'000'000);
  line.spec_id.value = spec_id(roll.next());
  line.sku_attributes.content = {{"颜色", pick(roll, words::colours())}};
  if (roll.percent(70)) line.sku_attributes.content.push_back({"适合身高", pick(roll, words::sizes())});
}

void add_images(order_line& line, dice& roll) {
  const std::string name = spec_id(roll.next()).substr(0, 18);
  for (const std::string_view ending : {".80x80.jpg", ".jpg"})
    line.image_urls.content.push_back("http://img.example.com/img/ibank/O1CN01" + name + "_!!0-0-cib" +
                                      std::string(ending));
}

void add_money(order_line& line, dice& roll, const standing& now, std::uint32_t position) {
  line.price.value = roll.percent(80) ? roll.between(80, 9'900) : roll.between(9'900, 88'000);
  line.quantity.thousandths = 1000 * (roll.percent(60) ? roll.between(1, 3) : roll.between(4, 60));
  line.item_amount.value = line.price.value * line.quantity.thousandths / 1000 - roll.between(0, 60);
  if (position == 0) line.refund.value = now.refunded_fen;
}

}  // namespace

order_line compose_line(const line_context& context, std::uint32_t position) {
  dice roll(context.from.seed, purpose::line, context.of.serial, position);
  order_line line;
  line.id.value = line_id(context.from.seed, context.of.serial, position);
  line.order_id.value = context.order_id;
  append_number(line.sub_tb_order_id.value, context.tb_order_id + position);
  line.status.value = static_cast<std::int64_t>(context.now.status);
  line.created.value = context.of.created;
  add_product(line, roll);
  add_images(line, roll);
  add_money(line, roll, context.now, position);
  line.snapshot_url.value = "https://trade.example.com/order/offer_snapshot.htm?order_entry_id=";
  line.snapshot_url.value += line.sub_tb_order_id.value;
  return line;
}

}  // namespace pandapon_sim
