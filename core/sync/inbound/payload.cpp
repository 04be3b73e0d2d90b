#include "core/sync/inbound/payload.hpp"

#include <algorithm>
#include <array>

namespace devy::inbound {
namespace {

// Others are reasons of an open one, or not known yet.
constexpr std::array<std::string_view, 3> closed_reasons{"completed", "not_planned", "duplicate"};

}  // namespace

record::RemoteTask remote_task_of(const json::Value& document) {
  record::RemoteTask remote;
  remote.title = document.if_mended_text("title").value_or("");
  remote.body = document.if_mended_text("body").value_or("");
  remote.is_closed = document.if_text("state") == "closed";
  const auto reason = document.if_text("state_reason").value_or("");
  if (remote.is_closed && std::ranges::find(closed_reasons, reason) != closed_reasons.end())
    remote.state_reason = reason;
  for (const auto& label : document.if_items("labels"))
    if (auto name = label.is_object() ? label.if_mended_text("name") : label.if_mended_text())
      remote.labels.insert(std::move(*name));
  remote.milestone = document.if_mended_text("milestone/title");
  for (const auto& user : document.if_items("assignees"))
    if (const auto id = user.if_integer("id")) remote.assignees.insert(*id);
  return remote;
}

record::RemoteComment remote_comment_of(const json::Value& document) {
  return {document.if_mended_text("body").value_or("")};
}

}  // namespace devy::inbound
