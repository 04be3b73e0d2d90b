#include "core/platform/git/fetch_message.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/platform/snapshot/object_id.hpp"

namespace devy::git {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

std::string hex(const std::optional<CommitId>& commit) {
  return commit ? commit->hex() : std::string{};
}

std::string dump(const json& message) {
  // Names of branches are bytes; what is no UTF-8 must not throw here.
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

// One after the other: a list of them would be an object each.
std::string hex(const std::vector<BlobId>& blobs) {
  std::string text;
  text.reserve(blobs.size() * snapshot::object_id_digits);
  for (const auto& blob : blobs)
    text += blob.hex();
  return text;
}

std::vector<BlobId> parse_blobs(std::string_view text) {
  std::vector<BlobId> blobs;
  for (; !text.empty(); text.remove_prefix(std::min(snapshot::object_id_digits, text.size()))) {
    const auto blob = BlobId::parse(text.substr(0, snapshot::object_id_digits));
    if (!blob) throw Error(ErrorKind::internal, "unable to read a fetch order: a name of no blob");
    blobs.push_back(*blob);
  }
  return blobs;
}

json parse(std::string_view frame) {
  // A child parses untrusted bytes and may have been taken over by them.
  const json::parser_callback_t is_shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > 2) throw Error(ErrorKind::internal, "unable to read a fetch message: too deep");
    return true;
  };
  return json::parse(frame, is_shallow);
}

struct Writer {
  json operator()(const Progress& progress) const {
    return {{"type", "progress"},
            {"bytes", progress.received_bytes},
            {"received", progress.received_objects},
            {"indexed", progress.indexed_objects},
            {"total", progress.total_objects}};
  }
  json operator()(const FetchedTip& tip) const {
    return {{"type", "tip"},
            {"branch", tip.branch},
            {"commit", tip.commit.hex()},
            {"repository", tip.repository},
            {"is_partial", tip.is_partial},
            {"has_shown_token", tip.has_shown_token},
            {"bytes", tip.received_bytes}};
  }
  json operator()(const FetchedBlobs& blobs) const {
    return {{"type", "blobs"}, {"bytes", blobs.received_bytes}};
  }
  json operator()(const MovedTo& moved) const { return {{"type", "moved"}, {"url", moved.url}}; }
  json operator()(const base::AskedToWait& error) const {
    auto message = (*this)(static_cast<const Error&>(error));
    message["wait_seconds"] = error.wait().count();
    return message;
  }
  json operator()(const Error& error) const {
    return {{"type", "error"},
            {"kind", base::to_string(error.kind())},
            {"code", error.code()},
            {"text", error.text()},
            {"hint", error.hint()}};
  }
};

FetchAnswer read_answer(const json& message) {
  const std::string type = message.at("type");
  if (type == "progress")
    return Progress{message.at("bytes"), message.at("received"), message.at("indexed"),
                    message.at("total")};
  if (type == "tip") {
    const auto commit = CommitId::parse(message.at("commit").get<std::string>());
    if (commit)
      return FetchedTip{message.at("branch"),          *commit,
                        message.at("repository"),      message.at("is_partial"),
                        message.at("has_shown_token"), message.at("bytes")};
  }
  if (type == "blobs") return FetchedBlobs{message.at("bytes")};
  if (type == "moved") return MovedTo{message.at("url")};
  if (type == "error") {
    const Error error(base::parse_kind(message.at("kind").get<std::string>()), message.at("text"),
                      message.at("hint"), message.at("code"));
    if (!message.contains("wait_seconds")) return error;
    return base::AskedToWait(error,
                             std::chrono::seconds(message.at("wait_seconds").get<std::int64_t>()));
  }
  throw Error(ErrorKind::internal, "unable to read a fetch message: unknown type");
}

}  // namespace

std::string to_frame(const FetchOrder& order) {
  return dump({{"url", order.url},
               {"branch", order.branch},
               {"commit", hex(order.commit)},
               {"skip", hex(order.skip)},
               {"directory", order.directory},
               {"may_be_partial", order.may_be_partial},
               {"blobs", hex(order.blobs)},
               {"ca_file", order.ca_file},
               {"stall_ms", order.stall.count()},
               {"pack_bytes_max", order.pack_bytes_max},
               {"pack_objects_max", order.pack_objects_max}});
}

std::string to_frame(const FetchAnswer& answer) {
  return dump(std::visit(Writer{}, answer));
}

FetchOrder parse_order(std::string_view frame) {
  try {
    const json message = parse(frame);
    FetchOrder order;
    order.url = message.at("url");
    order.branch = message.at("branch");
    order.commit = CommitId::parse(message.at("commit").get<std::string>());
    order.skip = CommitId::parse(message.at("skip").get<std::string>());
    order.directory = message.at("directory");
    order.may_be_partial = message.at("may_be_partial");
    order.blobs = parse_blobs(message.at("blobs").get<std::string>());
    order.ca_file = message.at("ca_file");
    order.stall = std::chrono::milliseconds(message.at("stall_ms").get<std::int64_t>());
    order.pack_bytes_max = message.at("pack_bytes_max");
    order.pack_objects_max = message.at("pack_objects_max");
    return order;
  } catch (const json::exception& error) {
    throw Error(ErrorKind::internal, std::string("unable to read a fetch order: ") + error.what());
  }
}

FetchAnswer parse_answer(std::string_view frame) {
  try {
    return read_answer(parse(frame));
  } catch (const json::exception& error) {
    throw Error(ErrorKind::internal, std::string("unable to read a fetch answer: ") + error.what());
  }
}

}  // namespace devy::git
