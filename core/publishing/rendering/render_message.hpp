#pragma once
// The messages between the parent and the rendering child (process/message.hpp). plan/spool keeps
// documents in this form, too. Pure; any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "core/platform/config/config.hpp"
#include "core/publishing/post/document.hpp"

namespace devy::rendering {

// The first message to a child.
struct RenderSetup {
  config::Limits limits;
  post::RenderOptions options;
};

// Each replaces `frame` and reuses its memory.
void encode(const RenderSetup& setup, std::string& frame);
// Encodes at most one byte more than a file may have, which is enough for the child to refuse it.
void encode(const post::SourceFile& file, std::size_t text_bytes_max, std::string& frame);
// The document's markdown is not sent: the parent has the file, and learns how much of it remains.
void encode(const std::variant<post::Document, snapshot::FileError>& result, std::string& frame);

// All throw Error(internal) for anything that encode() did not write.
[[nodiscard]] RenderSetup decode_setup(std::string_view frame);
[[nodiscard]] post::SourceFile decode_source(std::string_view frame);
// Consumes the file that the message is the result of.
[[nodiscard]] post::Rendered decode_result(std::string_view frame, post::SourceFile&& source);

}  // namespace devy::rendering
