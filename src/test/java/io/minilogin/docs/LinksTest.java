package io.minilogin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A reader who follows a link inside the project arrives. */
class LinksTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s:#]*)(?:#([^)\\s:]+))?\\)");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  void everyRelativeLinkAndItsAnchorResolve() throws IOException {
    var pages = new ArrayList<Path>();
    try (Stream<Path> root = Files.list(Path.of(""));
        Stream<Path> docs = Files.walk(Path.of("docs"))) {
      Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    var broken = new ArrayList<String>();
    var followed = 0;
    for (var page : pages) {
      var links = LINK.matcher(BLOCK.matcher(Files.readString(page)).replaceAll(""));
      while (links.find()) {
        followed++;
        var target =
            links.group(1).isEmpty() ? page : page.resolveSibling(links.group(1)).normalize();
        var anchor = links.group(2);
        if (!Files.exists(target)
            || (anchor != null
                && target.toString().endsWith(".md")
                && !anchors(target).contains(anchor))) {
          broken.add(page + ": " + links.group());
        }
      }
    }
    assertThat(followed).isPositive();
    assertThat(broken).isEmpty();
  }

  private static List<String> anchors(Path page) throws IOException {
    return HEADING
        .matcher(BLOCK.matcher(Files.readString(page)).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N}_ -]", "").strip().replace(' ', '-'))
        .toList();
  }
}
