package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** The two formats of WeChat's message push. A console setting of the app chooses one of them. */
final class PushMessage {
  private PushMessage() {}

  /** Writes properties as elements below {@code <xml>}, texts as CDATA. */
  static String xml(ObjectNode message) {
    return "<xml>" + elements(message) + "</xml>";
  }

  private static String elements(JsonNode object) {
    var xml = new StringBuilder();
    object
        .properties()
        .forEach(
            property -> {
              var name = property.getKey();
              var value = property.getValue();
              xml.append('<').append(name).append('>');
              xml.append(value.isObject() ? elements(value) : content(value));
              xml.append("</").append(name).append('>');
            });
    return xml.toString();
  }

  private static String content(JsonNode value) {
    return value.isTextual()
        ? "<![CDATA[" + value.textValue().replace("]]>", "]]]]><![CDATA[>") + "]]>"
        : value.toString();
  }

  /**
   * Reads a message in either format. The values of XML become texts.
   *
   * @throws IllegalArgumentException if the message is neither JSON nor XML
   */
  static ObjectNode read(String message) {
    return message.startsWith("<")
        ? object(document(message))
        : Json.parse(message).orElseThrow(() -> new IllegalArgumentException("not JSON"));
  }

  private static Element document(String xml) {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)))
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalArgumentException("not XML", e);
    }
  }

  private static ObjectNode object(Element element) {
    var object = Json.object();
    for (var child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element named) {
        if (hasElements(named)) {
          object.set(named.getTagName(), object(named));
        } else {
          object.put(named.getTagName(), named.getTextContent());
        }
      }
    }
    return object;
  }

  private static boolean hasElements(Node node) {
    for (var child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element) {
        return true;
      }
    }
    return false;
  }
}
