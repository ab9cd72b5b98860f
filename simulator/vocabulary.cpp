#include "vocabulary.hpp"

#include <array>

namespace pandapon_sim::words {
namespace {
using list = std::string_view;

constexpr std::array shop_list{list{"晴川样品"}, list{"青禾示例"}, list{"云汐测试"}, list{"木石样本"},
                               list{"北斗样货"}, list{"小满试用"}, list{"竹里演示"}, list{"万象模拟"}};
constexpr std::array trade_list{list{"服饰厂"}, list{"童装商行"}, list{"百货"},      list{"五金批发"},
                                list{"家居店"}, list{"贸易行"},   list{"kids wear"}, list{"数码配件"}};
constexpr std::array make_list{list{"ins"}, list{"新款"}, list{"跨境"}, list{"秋冬"}, list{"春夏"}, list{"2024款"}};
constexpr std::array material_list{list{"加绒"}, list{"纯棉"},   list{"不锈钢"}, list{"亚麻"},
                                   list{"硅胶"}, list{"竹纤维"}, list{"磨砂"},   list{"针织"}};
constexpr std::array product_list{list{"婴儿连体衣"}, list{"保温杯"}, list{"收纳盒"}, list{"儿童雨靴"}, list{"手机壳"},
                                  list{"毛巾"},       list{"台灯"},   list{"围巾"},   list{"螺丝套装"}, list{"帆布包"}};
constexpr std::array purpose_list{list{"宝宝百日周岁"}, list{"家用厨房"}, list{"一件代发"}, list{"户外露营"},
                                  list{"办公室桌面"},   list{"送礼"},     list{"工厂直销"}, list{""}};
constexpr std::array unit_list{list{"件"}, list{"个"}, list{"套"}, list{"双"}, list{"箱"}, list{"米"}, list{"千克"}};
constexpr std::array colour_list{list{"红色"}, list{"雾霾蓝"}, list{"米白"}, list{"墨绿"}, list{"黑色"}, list{"Pink"}};
constexpr std::array size_list{list{"73CM"}, list{"80CM"}, list{"均码"}, list{"XL"}, list{"500ml"}, list{"10只/包"}};
constexpr std::array close_reason_list{list{"other"}, list{"buyerCancel"}, list{"sellerGoodsLack"},
                                       list{"买家不想要了"}, list{"timeout"}};
constexpr std::array trade_type_list{list{"担保交易"}, list{"担保交易"}, list{"担保交易"}, list{"账期交易"},
                                     list{"即时到账"}};
constexpr std::array flow_list{list{"general"}, list{"general"}, list{"saleproxy"}, list{"fenxiao"}};
constexpr std::array receiver_list{list{"测试仓甲"}, list{"测试仓乙"}, list{"样例收货人"}, list{"演示站点"}, list{""}};
constexpr std::array street_list{list{"仓储路"}, list{"示范大道"}, list{"样板街"}, list{"码头北巷"}};
constexpr std::array awkward_list{list{" 12\"加厚"},     list{" A\\B款"},  list{" 😀🎁"},
                                  list{"\t赠品"},        list{" 上/下装"}, list{" 第一行\n第二行"},
                                  list{" <b>&amp;</b>"}, list{" 'x'; --"}, list{" 𠮷"}};
constexpr std::array place_list{
    place{"云上省", "青禾市", "样板区", "示例镇", "990101", "000101"},
    place{"云上省", "望潮市", "北湾区", "石桥镇", "990102", "000102"},
    place{"南屿自治区", "白榆市", "白榆市区", "南屿自治区省", "990201", "990200"},
    place{"东汀省", "流萤市", "高新样区", "", "990301", "990300"},
    place{"西岭省", "千帆市", "港口区", "渡口街道", "990401", "990400"},
};
}  // namespace

std::span<const list> shops() {
  return shop_list;
}
std::span<const list> trades() {
  return trade_list;
}
std::span<const list> makes() {
  return make_list;
}
std::span<const list> materials() {
  return material_list;
}
std::span<const list> products() {
  return product_list;
}
std::span<const list> purposes() {
  return purpose_list;
}
std::span<const list> units() {
  return unit_list;
}
std::span<const list> colours() {
  return colour_list;
}
std::span<const list> sizes() {
  return size_list;
}
std::span<const list> close_reasons() {
  return close_reason_list;
}
std::span<const list> trade_types() {
  return trade_type_list;
}
std::span<const list> flows() {
  return flow_list;
}
std::span<const list> receivers() {
  return receiver_list;
}
std::span<const list> streets() {
  return street_list;
}
std::span<const list> awkward() {
  return awkward_list;
}
std::span<const place> places() {
  return place_list;
}

}  // namespace pandapon_sim::words
