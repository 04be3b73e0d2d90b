#pragma once
// What the parent and the rendering child say to each other, as bytes: fields one after another,
// texts with their length before them. Both are one program on one machine, so native order does.
// Also the form in which core/publish/spool keeps documents. Pure; any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "core/config/config.hpp"
#include "core/markdown/document.hpp"

namespace devy::markdown {

// The first message to a child.
struct RenderSetup {
  config::Limits limits;
  RenderOptions options;
};

// Each replaces `frame`, whose memory is used again.
void encode(const RenderSetup& setup, std::string& frame);
// At most one byte more than a file may have: enough for the child to refuse it.
void encode(const SourceFile& file, std::size_t text_bytes_max, std::string& frame);
// The document's markdown is not sent: the parent has the file, and learns how much of it remains.
void encode(const std::variant<Document, snapshot::FileError>& result, std::string& frame);

// Throw Error(internal) for a message that is not whole.
[[nodiscard]] RenderSetup decode_setup(std::string_view frame);
[[nodiscard]] SourceFile decode_source(std::string_view frame);
// Consumes the file that the message answers.
[[nodiscard]] Rendered decode_result(std::string_view frame, SourceFile&& source);

}  // namespace devy::markdown
