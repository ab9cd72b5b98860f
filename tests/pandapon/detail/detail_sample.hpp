#pragma once
// A detail as 1688 documents it, and ways to serve it with something changed.

#include "pandapon/detail/decode_detail.hpp"
#include "pandapon/sample.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace ordersync::pandapon::detail {

inline const std::string asked_order = "2060631267218818995";
inline constexpr core::instant seen_at{std::chrono::milliseconds{1715669977082}};

inline editable_object sample_base() {
  return editable_object(
      R"({"id":2060631267218818995,"idOfStr":"2060631267218818995","status":"waitbuyerreceive",)"
      R"("createTime":"20170912102030000-0700","modifyTime":"20170914000000001-0700","payTime":"20170912182031005+0100",)"
      R"("allDeliveredTime":"20170913231916000-0700","receivingTime":null,"confirmedTime":null,"completeTime":null,)"
      R"("alipayTradeId":"2017091221001","refundId":"TQ123","refundStatus":"waitselleragree","refundStatusForAs":null,)"
      R"("totalAmount":123.45,"shippingFee":"6.00","refund":0.5,"sumProductPayment":1.1745e2,"discount":-125,)"
      R"("buyerFeedback":"","buyerMemo":"memo","remark":null,"closeReason":null,"closeRemark":null,)"
      R"("closeOperateType":null,"tradeTypeDesc":"担保交易","payTimeout":259200,"payTimeoutType":0,)"
      R"("payChannelList":["支付宝"],"stepOrderList":[],)"
      R"("buyerContact":{"name":"Buyer","phone":"86-","mobile":"100","companyName":"C","imInPlatform":"im"},)"
      R"("sellerContact":{"name":"Seller","mobile":"200"},)"
      R"("receiverInfo":{"toFullName":"Receiver","toDivisionCode":"330108","toMobile":"300","toPhone":"","toPost":"0",)"
      R"("toArea":"Somewhere 1"}})");
}
inline editable_object sample_parcel() {
  return editable_object(
      R"({"id":77,"logisticsCode":"LP1","logisticsBillNo":"SF100","logisticsCompanyName":"SF","logisticsCompanyNo":"SF",)"
      R"("status":"alreadysend","type":"0","deliveredTime":"20170913231916000-0700","gmtCreate":"20170913231916000-0700",)"
      R"("gmtModified":null,"subItemIds":"11,12","fromPhone":"","fromMobile":"400"})");
}
inline editable_object sample_detail_line() {
  return editable_object(
      R"({"subItemID":11,"subItemIDString":"11","status":"waitbuyerreceive","statusStr":"等待","refundStatus":)"
      R"("WAIT_SELLER_AGREE","refundId":"TQ123","logisticsStatus":2,"quantityFactor":1,"entryDiscount":-100,)"
      R"("itemAmount":12.5,"price":"1.25","refund":0,"gmtCreate":"20170912102030000-0700","gmtModified":null,)"
      R"("gmtCompleted":null,"gmtPayExpireTime":"2017-09-15 10:20:30","cargoNumber":"A-1"})");
}
inline editable_object sample_term() {
  return editable_object(
      R"({"payStatus":"2","payTime":"20170912102031005-0700","payWay":"1","payWayDesc":"支付宝","phasAmount":123.45,)"
      R"("phase":"9001"})");
}
inline editable_object sample_detail() {
  return editable_object("{}")
      .add("baseInfo", sample_base().text())
      .add("nativeLogistics",
           editable_object(
               R"({"address":"Street 2","area":"A","areaCode":"330108","city":"C","contactPerson":"P","mobile":"500",)"
               R"("province":"Q","telephone":"","town":"T","zip":"310000"})")
               .add("logisticsItems", "[" + sample_parcel().text() + "]")
               .text())
      .add("productItems", "[" + sample_detail_line().text() + "]")
      .add("tradeTerms", "[" + sample_term().text() + "]");
}

inline core::result<core::order_detail> try_detail(std::string_view data) {
  return decode_detail(data, asked_order, seen_at);
}
// Throws where it is unusable.
inline core::order_detail decoded(const editable_object& detail) {
  const auto made = try_detail(detail.text());
  if (!made) throw std::runtime_error(made.error().what);
  return *made;
}
inline core::order_detail with_base(std::string_view key, std::string_view raw) {
  return decoded(sample_detail().set("baseInfo", sample_base().set(key, raw).text()));
}
inline core::order_detail with_parcels(const std::string& list) {
  auto logistics = editable_object(sample_detail().get("nativeLogistics"));
  return decoded(sample_detail().set("nativeLogistics", logistics.set("logisticsItems", list).text()));
}
inline core::order_detail with_lines(const std::string& list) {
  return decoded(sample_detail().set("productItems", list));
}

template <class Content>
std::vector<std::string> paths_of(const Content& content) {
  std::vector<std::string> paths;
  for (const auto& note : content.notes) paths.push_back(note.path);
  return paths;
}
using path_list = std::vector<std::string>;

}  // namespace ordersync::pandapon::detail
