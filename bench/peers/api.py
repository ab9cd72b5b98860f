"""What every peer needs of the API: signed headers, months, the body of a page, and the oddities of values."""

import argparse
import datetime
import hashlib
import json
import secrets
import string
import time

PATH = "/alibaba/order/page"
PAGE_SIZE = 50
LETTERS = string.ascii_letters + string.digits

# The API's name of each field, the column, its type. Text that holds JSON becomes jsonb.
ORDER_FIELDS = [
    ("id", "id", "bigint"), ("developId", "develop_id", "bigint"), ("flow", "flow", "text"),
    ("orderNo", "order_no", "text"), ("tbOrderId", "tb_order_id", "text"), ("discount", "discount", "bigint"),
    ("productAmount", "product_amount", "bigint"), ("shippingFee", "shipping_fee", "bigint"),
    ("totalAmount", "total_amount", "bigint"), ("refundAmount", "refund_amount", "bigint"),
    ("cargoParamList", "cargo_param_list", "jsonb"), ("receiver", "receiver", "jsonb"),
    ("subBuyerLoginId", "sub_buyer_login_id", "text"), ("closeReason", "close_reason", "text"),
    ("sellerLoginId", "seller_login_id", "text"), ("warehouseAddressInfo", "warehouse_address_info", "jsonb"),
    ("isInvoice", "is_invoice", "bigint"), ("tradeType", "trade_type", "text"), ("payStatus", "pay_status", "bigint"),
    ("orderStatus", "order_status", "bigint"), ("refundStatus", "refund_status", "bigint"),
    ("orderJson", "order_json", "jsonb"), ("userId", "user_id", "text"), ("createTime", "create_time", "timestamptz"),
    ("platformOrder", "platform_order", "bigint"), ("tbCreateTime", "tb_create_time", "timestamptz"),
]
ITEM_FIELDS = [
    ("id", "id", "bigint"), ("orderId", "order_id", "bigint"), ("subTbOrderId", "sub_tb_order_id", "text"),
    ("productId", "product_id", "text"), ("name", "name", "text"), ("quantity", "quantity", "numeric"),
    ("unit", "unit", "text"), ("skuId", "sku_id", "bigint"), ("specId", "spec_id", "text"),
    ("itemAmount", "item_amount", "bigint"), ("price", "price", "bigint"), ("refund", "refund", "bigint"),
    ("status", "status", "bigint"), ("skuInfos", "sku_infos", "jsonb"), ("productImgUrl", "product_img_url", "jsonb"),
    ("productSnapShotUrl", "product_snap_shot_url", "text"), ("createTime", "create_time", "timestamptz"),
]


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("url", "ca", "key", "secret-file", "user-id", "from", "to", "database"):
        parser.add_argument("--" + name, required=True)
    got = parser.parse_args()
    with open(got.secret_file, encoding="utf-8") as file:
        got.secret = file.read().strip()
    return got


def headers(args):
    timestamp = str(time.time_ns() // 1_000_000)
    nonce = "".join(secrets.choice(LETTERS) for _ in range(32))
    text = args.key + timestamp + nonce + args.secret
    return {
        "access-key": args.key,
        "timestamp": timestamp,
        "nonce-str": nonce,
        "user-id": args.user_id,
        "signature": hashlib.md5(text.encode()).hexdigest().upper(),
        "Content-Type": "application/json",
    }


def months(args):
    """Pairs of begin and end, both included, so neighbours share a second and no fraction of one is missed."""
    begin = datetime.date.fromisoformat(getattr(args, "from"))
    end = datetime.date.fromisoformat(args.to)
    while begin < end:
        following = min((begin.replace(day=1) + datetime.timedelta(days=32)).replace(day=1), end)
        yield f"{begin} 00:00:00", f"{following} 00:00:00"
        begin = following


def body(window, page):
    return {"pageNum": page, "pageSize": PAGE_SIZE, "orderTimeBegin": window[0], "orderTimeEnd": window[1]}


def orders_of(reply):
    if reply.get("code") != 200:
        raise RuntimeError(f"the API refused the request with code {reply.get('code')}: {reply.get('msg')}")
    return reply["data"] or []


def as_int(value):
    try:
        return None if value is None else int(value)
    except ValueError:
        return None


def as_decimal(value):
    """As text, which PostgreSQL reads without a detour through a double."""
    text = str(value).strip() if value is not None else ""
    return text or None


def as_text(value):
    return None if value is None else str(value)


def as_time(value):
    ms = as_int(value)
    return None if ms is None else datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc)


def as_json(value, loads=json.loads):
    """The value in a text of JSON, which may be encoded twice or come as it is; None if it is no JSON."""
    for _ in range(2):
        if not isinstance(value, str):
            break
        try:
            value = loads(value)
        except ValueError:
            return None
    return value


def table_statements():
    for table, fields in (("orders", ORDER_FIELDS), ("order_items", ITEM_FIELDS)):
        columns = ", ".join(f"{column} {kind}" for _, column, kind in fields)
        yield f"CREATE TABLE {table} ({columns}, PRIMARY KEY (id))"
    yield "CREATE INDEX ON order_items (order_id)"


if __name__ == "__main__":
    # The tables of the scripts are made beforehand and not measured, as those of ordersync.
    print(*table_statements(), sep="\n")
