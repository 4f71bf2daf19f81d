package com.example.gateway;

import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;

/** Answers preflights of listed origins, before any route and any check. */
@Configuration(proxyBeanMethods = false)
class Cors {
  /**
   * Returns the filter for pages of these origins. Requests of all other origins, and of the mini
   * program, pass without CORS headers. Spring's own setting would answer them with 403.
   */
  @Bean
  CorsWebFilter corsFilter(@Value("${cors.origins}") List<String> origins) {
    var cors = new CorsConfiguration();
    cors.setAllowedOrigins(origins);
    cors.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
    cors.setAllowedHeaders(List.of("Authorization", "Content-Type"));
    cors.setExposedHeaders(List.of("Retry-After"));
    cors.setMaxAge(Duration.ofHours(2));
    return new CorsWebFilter(
        exchange -> origins.contains(exchange.getRequest().getHeaders().getOrigin()) ? cors : null);
  }
}
