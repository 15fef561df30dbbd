import { type RenderResult, render } from "@testing-library/react";
import type { ReactElement } from "react";
import { type Mock, vi } from "vitest";
import { WicketgateProvider, type WicketgateProviderProps } from "../src/index.js";

/** Renders within a provider of its own, so that no session outlives its test. */
export function renderApp(
  element: ReactElement,
  props: WicketgateProviderProps = {},
): RenderResult & { navigate: Mock<(to: string) => void> } {
  const navigate = vi.fn<(to: string) => void>();
  const result = render(
    <WicketgateProvider navigate={navigate} {...props}>
      {element}
    </WicketgateProvider>,
  );
  return { ...result, navigate };
}
