package pairs.openredirect;

import org.springframework.web.bind.annotation.*;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

class SpringViews {
    @GetMapping("/unsafe/view")
    String unsafeView(@RequestParam String to) {
        // ruleid: open-redirect-spring
        return "redirect:" + to;
    }

    @GetMapping("/safe/view")
    String safeView(@RequestParam String to) {
        // ok: open-redirect-spring
        return "redirect:/orders/" + to;
    }

    @GetMapping("/unsafe/object")
    RedirectView unsafeObject(@RequestParam String to) {
        RedirectView view = new RedirectView();
        // ruleid: open-redirect-spring
        view.setUrl(to);
        return view;
    }

    @GetMapping("/safe/object")
    RedirectView safeObject(@RequestParam String to) {
        RedirectView view = new RedirectView();
        // ok: open-redirect-spring
        view.setUrl(to.isBlank() ? "/home" : "/cart");
        return view;
    }

    @GetMapping("/unsafe/model")
    ModelAndView unsafeModel(@CookieValue String last) {
        // ruleid: view-name-injection
        return new ModelAndView("pages/" + last);
    }

    @GetMapping("/safe/model")
    ModelAndView safeModel(@CookieValue String last) {
        // ok: view-name-injection
        ModelAndView view = new ModelAndView("pages/last");
        view.addObject("last", last);
        return view;
    }
}
