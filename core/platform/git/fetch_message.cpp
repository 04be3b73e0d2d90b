#include "core/platform/git/fetch_message.hpp"

#include "core/platform/process/message.hpp"
#include "core/platform/snapshot/object_id.hpp"

template <class Tag>
inline constexpr bool devy::process::is_plain<devy::snapshot::ObjectId<Tag>> = true;

namespace devy::git {
namespace {

using process::MessageFormat;

constexpr MessageFormat order_format{.name = "a fetch order", .items_max = order_blobs_max};
// Names of branches are bytes.
constexpr MessageFormat answer_format{.name = "a fetch answer", .is_utf8 = true};

}  // namespace

void fields(auto& message, process::Of<FetchOrder> auto& order) {
  message(order.url, order.branch, order.commit, order.skip, order.directory, order.may_be_partial,
          order.brings_parents, order.blobs, order.is_history, order.history_since,
          order.has_remotes_only, order.ca_file, order.stall, order.pack_bytes_max,
          order.pack_objects_max);
}

void fields(auto& message, process::Of<Progress> auto& progress) {
  message(progress.received_bytes, progress.received_objects, progress.indexed_objects,
          progress.total_objects);
}

void fields(auto& message, process::Of<FetchedTip> auto& tip) {
  message(tip.branch, tip.commit, tip.repository, tip.is_partial, tip.has_shown_token,
          tip.received_bytes);
}

void fields(auto& message, process::Of<FetchedBlobs> auto& blobs) {
  message(blobs.received_bytes);
}

void fields(auto& message, process::Of<MovedTo> auto& moved) {
  message(moved.url);
}

std::string to_frame(const FetchOrder& order) {
  return process::encode(order_format, order);
}

std::string to_frame(const FetchAnswer& answer) {
  return process::encode(answer_format, answer);
}

FetchOrder parse_order(std::string_view frame) {
  return process::decode<FetchOrder>(order_format, frame);
}

FetchAnswer parse_answer(std::string_view frame) {
  return process::decode<FetchAnswer>(answer_format, frame);
}

}  // namespace devy::git
