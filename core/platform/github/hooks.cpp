#include "core/platform/github/hooks.hpp"

#include <algorithm>

#include "core/platform/base/id.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"

namespace devy::github {
namespace {

constexpr std::size_t name_bytes_max = 100;

std::string path_of(const Hook& hook) {
  if (hook.repository.empty()) return "/app/hook/deliveries";
  return "/repos/" + hook.repository + "/hooks/" + std::to_string(hook.id) + "/deliveries";
}

std::optional<HookDelivery> read(const json::Value& entry) {
  HookDelivery delivery;
  delivery.id = entry.if_integer("id").value_or(0);
  delivery.guid = entry.if_text("guid").value_or("");
  delivery.event = entry.if_text("event").value_or("").substr(0, name_bytes_max);
  delivery.action = entry.if_text("action").value_or("").substr(0, name_bytes_max);
  delivery.delivered_at = base::parse_rfc3339(entry.if_text("delivered_at").value_or(""));
  delivery.status_code = static_cast<int>(
      std::clamp<std::int64_t>(entry.if_integer("status_code").value_or(0), 0, 999));
  delivery.repository_id = entry.if_integer("repository_id");
  if (delivery.id <= 0 || !base::is_uuid(delivery.guid)) return std::nullopt;
  return delivery;
}

json::Value parse_list(const std::string& body) {
  auto list = parse_document(body);
  if (!list.is_array()) throw_garbage("it is no list");
  return list;
}

}  // namespace

bool list_deliveries(Client& client, const base::Secret& bearer, const Hook& hook,
                     std::string& etag, const std::function<bool(const HookDelivery&)>& visit) {
  bool is_first = true, is_unchanged = false;
  client.pages({.path = path_of(hook) + "?per_page=100",
                .etag = etag,
                .bearer = &bearer,
                .purpose = "deliveries"},
               [&](const Answer& page) {
                 is_unchanged = page.is_unchanged;
                 if (page.is_unchanged) return false;
                 if (std::exchange(is_first, false)) etag = page.etag;
                 const auto list = parse_list(page.body);
                 for (const auto& entry : list.if_items())
                   if (const auto delivery = read(entry); delivery && !visit(*delivery))
                     return false;
                 return true;
               });
  return is_unchanged;
}

void redeliver(Client& client, const base::Secret& bearer, const Hook& hook,
               std::int64_t delivery) {
  static_cast<void>(
      client.send({.method = "POST",
                   .path = path_of(hook) + "/" + std::to_string(delivery) + "/attempts",
                   .bearer = &bearer}));
}

std::optional<std::int64_t> find_hook(Client& client, const base::Secret& bearer,
                                      const std::string& repository, std::string_view url_ending) {
  std::optional<std::int64_t> found;
  client.pages({.path = "/repos/" + repository + "/hooks?per_page=100", .bearer = &bearer},
               [&](const Answer& page) {
                 const auto list = parse_list(page.body);
                 for (const auto& hook : list.if_items()) {
                   if (hook.if_text("config/url").value_or("").ends_with(url_ending))
                     found = hook.if_integer("id");
                 }
                 return !found;
               });
  return found;
}

}  // namespace devy::github
