#pragma once
#include <string>

#include "results/record/machine.h"
#include "results/text/html.h"

/// What all our pages have around their contents.
namespace halcyon::page_parts {

/// A page: head with style and policy, wordmark and title, lines below it, content, footer; with
/// the page's script or with none.
enum class Script { none, page };
std::string framed(const std::string& title, const Markup& lines, const Markup& main,
                   const Markup& footer, Script);
/// A command as it was typed; nothing where none was.
Markup command_line(const std::string& command);
/// "commit 0123456789ab, dirty".
std::string commit_text(const Toolchain&);

}  // namespace halcyon::page_parts
